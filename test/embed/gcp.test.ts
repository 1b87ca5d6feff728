import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gcp } from '../../scripts/embed/gcp.ts'
import type { Extraction } from '../../scripts/embed/source.ts'

interface Documents {
  /** The lines under `compute.instance`, each `name: {...}`. */
  readonly types: readonly string[]
  readonly typeTable?: readonly string[]
  readonly typeZones?: readonly string[]
  readonly acceleratorZones?: readonly string[]
}

const table = (header: string, rows: readonly string[] = []): string =>
  [header, ...rows, ''].join('\n')

const typeHeader = 'NAME;CPUS;SHARED_CPU;MEMORY_GB;DEPRECATED;ZONE'

const directoryWith = (files: Readonly<Record<string, string>>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'gcp-embed-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'gcp'))
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, 'gcp', name), text)
  return directory
}

const priceList = (types: readonly string[]): string =>
  [
    'about: {generated: today}',
    'compute:',
    '  instance:',
    ...types.map((line) => `    ${line}`),
    '  license:',
    '    c2-standard-4: {cost: {windows: {hour: 0.184, month: 134.32}}}',
    '',
  ].join('\n')

const extract = ({ types, typeTable, typeZones, acceleratorZones }: Documents): Extraction =>
  gcp.extract(
    directoryWith({
      'pricing.yml': priceList(types),
      'machinetypes.csv': table(typeHeader, typeTable),
      'machinetypezone.csv': table(typeHeader, typeZones),
      'acceleratortypezone.csv': table('NAME;ZONE', acceleratorZones),
    }),
  )

const extractType = (type: string): Extraction => extract({ types: [type] })

const pricesById = (extraction: Extraction): Record<string, number | null> =>
  Object.fromEntries(extraction.offers.map((offer) => [offer.id, offer.priceNanoUsd]))

const reasons = (extraction: Extraction): Record<string, number> =>
  Object.fromEntries(extraction.rejected)

const c4 = 'c4-standard-2: {cpu: 2, ram: 7, cost: {us-east1: {hour: 0.1, hour_spot: 0.04}}}'
const one = '{us-east1: {hour: 10, hour_spot: 4}}'

describe('prices', () => {
  test('become an on-demand and a spot offer per region', () => {
    const { offers } = extractType(c4)
    expect(offers).toEqual([
      {
        id: 'gcp/us-east1/c4-standard-2/on-demand',
        backend: 'gcp',
        region: 'us-east1',
        instanceType: {
          name: 'c4-standard-2',
          cpus: 2,
          memoryMib: 7 * 1024,
          gpu: null,
          gpuCount: 0,
          diskMib: null,
          architecture: 'x86_64',
        },
        spot: false,
        priceNanoUsd: 100_000_000,
        stock: 'unknown',
        observation: {
          source: 'Cyclenerd/google-cloud-pricing-cost-calculator pricing.yml@fd66b26',
          observedAt: '2026-07-30T00:00:00Z',
        },
      },
      expect.objectContaining({
        id: 'gcp/us-east1/c4-standard-2/spot',
        spot: true,
        priceNanoUsd: 40_000_000,
      }),
    ])
  })

  test('are read as decimals, digits past the ninth cut', () => {
    const extraction = extractType(
      'c4-standard-2: {cpu: 2, ram: 7, cost: {us-east1: {hour: 88.4899999025753, hour_spot: 0.1}}}',
    )
    expect(pricesById(extraction)).toEqual({
      'gcp/us-east1/c4-standard-2/on-demand': 88_489_999_902,
      'gcp/us-east1/c4-standard-2/spot': 100_000_000,
    })
  })

  test('of licences are not read', () => {
    expect(extractType(c4).rowsRead).toBe(2)
  })

  test('absent for spot give the on-demand offer alone', () => {
    const extraction = extractType(
      'm4-x: {cpu: 2, ram: 7, cost: {us-east1: {hour: 1, month: 730}}}',
    )
    expect(pricesById(extraction)).toEqual({ 'gcp/us-east1/m4-x/on-demand': 1_000_000_000 })
    expect(extraction.rowsRead).toBe(1)
  })

  test('of zero for spot are counted and rejected', () => {
    const extraction = extractType(
      'm4-x: {cpu: 2, ram: 7, cost: {us-east1: {hour: 1, hour_spot: 0}}}',
    )
    expect(extraction.offers).toHaveLength(1)
    expect(reasons(extraction)).toEqual({ 'price of zero or unreadable': 1 })
  })

  test('for spot alone are no offer', () => {
    const extraction = extractType('c4-x: {cpu: 2, ram: 7, cost: {us-east1: {hour_spot: 0.1}}}')
    expect(extraction.offers).toEqual([])
    expect(reasons(extraction)).toEqual({ 'no on-demand price in the region': 1 })
  })

  test('absent altogether are no row', () => {
    expect(extractType('m4n-x: {cpu: 2, ram: 7}').rowsRead).toBe(0)
  })
})

describe('machines', () => {
  test.each([
    ['custom-1-7680-ext: {cpu: 1, ram: 7.5, type: n1-custom,', 'custom machine, no instance type'],
    ['n4-custom-2-4096: {cpu: 2, ram: 4,', 'custom machine, no instance type'],
    ['c2-node-60-240: {cpu: 60, ram: 240,', 'sole-tenant node, no instance type'],
    ['c4-standard-9: {ram: 30,', 'vCPU or memory unknown'],
    ['c4-standard-9: {cpu: 9, ram: 0,', 'vCPU or memory unknown'],
    ['a9-highgpu-8g: {cpu: 96, ram: 680, x100: 8,', 'accelerators unknown'],
    ['g2-standard-5: {cpu: 5, ram: 20, l4: 1,', 'accelerators unknown'],
    ['ct6e-standard-4t: {cpu: 180, ram: 720,', 'accelerators unknown'],
    ['tpu7x-standard-4t: {cpu: 224, ram: 960,', 'accelerators unknown'],
    ['n1-standard-4: {cpu: 4, ram: 15, t4: 1,', 'accelerators unknown'],
    [
      'a3-highgpu-8g: {cpu: 208, ram: 1872, h100-80gb: 4,',
      'number of accelerators differs from the price list',
    ],
    ['g2-standard-4: {cpu: 4, ram: 16,', 'number of accelerators differs from the price list'],
  ])('%s are rejected', (start, reason) => {
    const extraction = extractType(`${start} cost: ${one}}`)
    expect(extraction.offers).toEqual([])
    expect(reasons(extraction)).toEqual({ [reason]: 2 })
  })

  test('take vCPU and memory from the type table where the price list has none', () => {
    const extraction = extract({
      types: [`c4-standard-9: {cost: ${one}}`],
      typeTable: ['c4-standard-9;9;False;33.75;;'],
    })
    expect(extraction.offers[0]?.instanceType).toMatchObject({ cpus: 9, memoryMib: 34_560 })
  })

  test('that the two documents describe differently are rejected', () => {
    const extraction = extract({
      types: [`c4-standard-9: {cpu: 9, ram: 32, cost: ${one}}`],
      typeTable: ['c4-standard-9;9;False;33.75;;'],
    })
    expect(reasons(extraction)).toEqual({
      'vCPU or memory differ between price list and type table': 2,
    })
  })

  test('that are deprecated are rejected', () => {
    const extraction = extract({
      types: [`z3-highmem-88: {cpu: 88, ram: 704, cost: ${one}}`],
      typeTable: ['z3-highmem-88;88;False;704.00;DEPRECATED;'],
    })
    expect(reasons(extraction)).toEqual({ 'instance type deprecated': 2 })
  })

  test.each([
    ['e2-micro', 0.25, 1, 2, 0.25],
    ['e2-medium', 1, 4, 2, 1],
    ['f1-micro', 1, 0.6, 1, 0.2],
    ['g1-small', 1, 1.7, 1, 0.5],
  ])('of shared core: %s counts its share', (name, priced, gib, shown, cpus) => {
    const extraction = extract({
      types: [`${name}: {cpu: ${priced}, ram: ${gib}, cost: ${one}}`],
      typeTable: [`${name};${shown};True;${gib};;`],
    })
    expect(extraction.offers).toHaveLength(2)
    expect(extraction.offers[0]?.instanceType).toMatchObject({
      cpus,
      memoryMib: Math.round(gib * 1024),
      gpu: null,
      gpuCount: 0,
    })
  })

  test.each([
    ['t2a-standard-1', 'arm64'],
    ['c4a-highmem-96-metal', 'arm64'],
    ['n4a-highcpu-2', 'arm64'],
    ['t2d-standard-1', 'x86_64'],
    ['c4d-standard-2', 'x86_64'],
  ])('%s are %s', (name, architecture) => {
    const { offers } = extractType(`${name}: {cpu: 2, ram: 7, cost: ${one}}`)
    expect(offers[0]?.instanceType.architecture).toBe(architecture)
  })
})

describe('accelerators', () => {
  const everywhere = [
    'nvidia-tesla-a100;us-east1-b',
    'nvidia-a100-80gb;us-east1-b',
    'nvidia-l4;us-east1-b',
  ]

  test.each([
    ['a2-highgpu-1g', 'a100: 1', 'A100', 40, 1],
    ['a2-highgpu-8g', 'a100: 8', 'A100', 40, 8],
    ['a2-megagpu-16g', 'a100: 16', 'A100', 40, 16],
    ['a2-ultragpu-2g', 'a100-80gb: 2', 'A100', 80, 2],
    ['a3-highgpu-8g', 'h100-80gb: 8', 'H100', 80, 8],
    ['a3-megagpu-8g', 'h100-80gb-mega: 8', 'H100', 80, 8],
    ['a3-ultragpu-8g', 'h200: 8', 'H200', 141, 8],
    ['a4-highgpu-8g', 'b200: 8', 'B200', 180, 8],
    ['g2-standard-32', 'l4: 1', 'L4', 24, 1],
    ['g2-standard-24', 'l4: 2', 'L4', 24, 2],
    ['g2-standard-96', 'l4: 8', 'L4', 24, 8],
    ['g4-standard-6', 'rtx6000: 0.125', 'RTXPRO6000-1/8', 12, 1],
    ['g4-standard-12', 'rtx6000: 0.25', 'RTXPRO6000-1/4', 24, 1],
    ['g4-standard-24', 'rtx6000: 0.5', 'RTXPRO6000-1/2', 48, 1],
    ['g4-standard-48', 'rtx6000: 1', 'RTXPRO6000', 96, 1],
    ['g4-standard-384', 'rtx6000: 8', 'RTXPRO6000', 96, 8],
  ])('of %s', (type, figure, name, memoryGb, gpuCount) => {
    const { offers } = extract({
      types: [`${type}: {cpu: 12, ram: 85, ${figure}, cost: ${one}}`],
      acceleratorZones: everywhere,
    })
    expect(offers.at(-1)?.instanceType).toMatchObject({
      gpu: { name, vendor: 'nvidia', memoryMib: memoryGb * 1024 },
      gpuCount,
    })
  })

  test.each([
    ['a3-highgpu-1g', 'h100-80gb: 1', ['spot']],
    ['a3-highgpu-4g', 'h100-80gb: 4', ['spot']],
    ['a3-highgpu-8g', 'h100-80gb: 8', ['on-demand', 'spot']],
    ['a3-ultragpu-8g', 'h200: 8', ['spot']],
    ['a4-highgpu-8g', 'b200: 8', ['spot']],
  ])('%s is to be had as it really is', (type, figure, kinds) => {
    const extraction = extractType(`${type}: {cpu: 208, ram: 1872, ${figure}, cost: ${one}}`)
    expect(extraction.offers.map(({ spot }) => (spot ? 'spot' : 'on-demand'))).toEqual(kinds)
    expect(reasons(extraction)).toEqual(
      kinds.length === 1 ? { 'GPU machine not to be had on demand': 1 } : {},
    )
  })
})

describe('regions', () => {
  const regionsOf = ({ offers }: Extraction): (string | null)[] => [
    ...new Set(offers.map(({ region }) => region)),
  ]
  const costs = '{us-east1: {hour: 10, hour_spot: 4}, us-east10: {hour: 10, hour_spot: 4}}'

  test('of a CPU type in the zone list are those of the list', () => {
    const extraction = extract({
      types: [`n2-standard-4: {cpu: 4, ram: 16, cost: ${costs}}`],
      typeZones: [
        'n2-standard-4;4;False;16.00;;us-east1-b',
        'n2-standard-4;4;False;16.00;;us-east1-c',
      ],
    })
    expect(regionsOf(extraction)).toEqual(['us-east1'])
    expect(reasons(extraction)).toEqual({ 'not sold in the region, by the zone list': 2 })
  })

  test('of a CPU type newer than the zone list are all priced ones', () => {
    const extraction = extractType(`n4-standard-4: {cpu: 4, ram: 16, cost: ${costs}}`)
    expect(regionsOf(extraction)).toEqual(['us-east1', 'us-east10'])
  })

  test.each([
    ['a2-highgpu-1g', 'a100: 1', 'nvidia-tesla-a100'],
    ['a2-ultragpu-1g', 'a100-80gb: 1', 'nvidia-a100-80gb'],
    ['g2-standard-4', 'l4: 1', 'nvidia-l4'],
  ])('of %s outside the zone list are those of its GPU', (type, figure, accelerator) => {
    const extraction = extract({
      types: [`${type}: {cpu: 12, ram: 85, ${figure}, cost: ${costs}}`],
      acceleratorZones: [`${accelerator};us-east10-a`, 'nvidia-tesla-t4;us-east1-b'],
    })
    expect(regionsOf(extraction)).toEqual(['us-east10'])
    expect(reasons(extraction)).toEqual({
      'GPU machine not sold in the region, by the zone lists': 2,
    })
  })

  test('of a GPU machine in the zone list are its own, narrower than those of its GPU', () => {
    const extraction = extract({
      types: [`a2-megagpu-16g: {cpu: 96, ram: 1360, a100: 16, cost: ${costs}}`],
      typeZones: ['a2-megagpu-16g;96;False;1360.00;;us-east1-b'],
      acceleratorZones: ['nvidia-tesla-a100;us-east1-b', 'nvidia-tesla-a100;us-east10-b'],
    })
    expect(regionsOf(extraction)).toEqual(['us-east1'])
  })

  test('where the GPU has no spot price do not sell a3 and g4', () => {
    const extraction = extract({
      types: [
        'a3-highgpu-8g: {cpu: 208, ram: 1872, h100-80gb: 8, cost: {us-east1: {hour: 10, hour_spot: 1.99}, us-west1: {hour: 10, hour_spot: 2}}}',
        'g4-standard-48: {cpu: 48, ram: 180, rtx6000: 1, cost: {us-east1: {hour: 10}}}',
      ],
    })
    expect(regionsOf(extraction)).toEqual(['us-west1'])
    expect(extraction.rowsRead).toBe(5)
    expect(reasons(extraction)).toEqual({
      'GPU machine not sold in the region, by its spot price': 3,
    })
  })

  test('of the zone list lose only the spot offer where the spot price leaves the GPU out', () => {
    const extraction = extract({
      types: [
        'g2-standard-4: {cpu: 4, ram: 16, l4: 1, cost: {us-east1: {hour: 10, hour_spot: 0.9}}}',
      ],
      acceleratorZones: ['nvidia-l4;us-east1-b'],
    })
    expect(pricesById(extraction)).toEqual({
      'gcp/us-east1/g2-standard-4/on-demand': 10_000_000_000,
    })
    expect(reasons(extraction)).toEqual({ 'spot price leaves the GPU out': 1 })
  })
})

describe('the source', () => {
  test('accounts for every row', () => {
    const extraction = extract({
      types: [
        c4,
        `custom-1-7680-ext: {cpu: 1, ram: 7.5, cost: ${one}}`,
        `a9-x: {cpu: 1, ram: 1, cost: ${one}}`,
      ],
    })
    const rejected = [...extraction.rejected.values()].reduce((sum, rows) => sum + rows, 0)
    expect(extraction.rowsRead).toBe(6)
    expect(extraction.offers.length + rejected).toBe(extraction.rowsRead)
  })

  test('says what is wrong with a document of another shape', () => {
    const files = {
      'pricing.yml': 'compute: {storage: {}}\n',
      'machinetypes.csv': table(typeHeader),
      'machinetypezone.csv': table(typeHeader),
      'acceleratortypezone.csv': table('NAME;ZONE'),
    }
    expect(() => gcp.extract(directoryWith(files))).toThrow('has no "compute.instance"')
    expect(() =>
      gcp.extract(directoryWith({ ...files, 'acceleratortypezone.csv': 'NAME,ZONE\n' })),
    ).toThrow('has no column "NAME"')
  })

  test('names every document once, with commit, day and licence', () => {
    expect(new Set(gcp.inputs.map(({ key }) => key)).size).toBe(gcp.inputs.length)
    for (const input of gcp.inputs) {
      expect(input.commit).toMatch(/^[0-9a-f]{7,40}$/)
      expect(input.observedOn).toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(input.licence).toBe('Apache-2.0')
    }
  })
})
