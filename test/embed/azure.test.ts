import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { azure } from '../../scripts/embed/azure.ts'
import type { Extraction } from '../../scripts/embed/source.ts'

interface Meter {
  readonly productName: string
  readonly skuName: string
  readonly retailPrice: number
  readonly unitOfMeasure?: string
}

interface Documents {
  /** `region,size,price,check`. */
  readonly prices?: readonly string[]
  /** `name,vcpus,memory,gpu,gpus,gpu memory`. */
  readonly sizes?: readonly string[]
  /** Of `northeurope`. */
  readonly meters?: readonly Meter[]
}

const placeholder: Meter = { productName: 'x Windows', skuName: 'x', retailPrice: 1 }

const meterFile = (meters: readonly Meter[]): string =>
  JSON.stringify(
    Object.fromEntries(
      meters.map((meter, index) => [
        `${index}|Consumption|`,
        { armRegionName: 'northeurope', unitOfMeasure: '1 Hour', ...meter },
      ]),
    ),
  )

/** One Windows meter stands in every file, so that `northeurope` is always a region with meters. */
const extract = ({ prices = [], sizes = [], meters = [] }: Documents): Extraction => {
  const directory = mkdtempSync(join(tmpdir(), 'azure-embed-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'azure/retail-meters'), { recursive: true })
  const write = (name: string, text: string): void =>
    writeFileSync(join(directory, 'azure', name), text)
  const csv = (header: string, rows: readonly string[]): string =>
    `${[header, ...rows].join('\n')}\n`
  write('on-demand.csv', csv('region,arm_sku_name,usd_per_hour,check', prices))
  write(
    'instance-types.csv',
    csv('arm_sku_name,vcpus,memory_gib,gpu_name,gpu_count,gpu_memory_mib_each', sizes),
  )
  write('retail-meters/vm-northeurope.json', meterFile([placeholder, ...meters]))
  return azure.extract(directory)
}

const pricesById = ({ offers }: Extraction): Record<string, number | null> =>
  Object.fromEntries(offers.map((offer) => [offer.id, offer.priceNanoUsd]))

const reasons = ({ rejected }: Extraction): Record<string, number> => {
  const { 'Windows price': windows = 0, ...others } = Object.fromEntries(rejected)
  return windows === 1 ? others : { 'Windows price': windows - 1, ...others }
}

const d2s = 'Standard_D2s_v5,2,8,,,'
const instanceTypeOf = (size: string) => {
  const [name = ''] = size.split(',')
  return extract({ sizes: [size], prices: [`eastus,${name},1.5,confirmed`] }).offers[0]
    ?.instanceType
}

describe('the price list', () => {
  test('a confirmed row is an on-demand offer', () => {
    const { offers } = extract({
      sizes: [d2s],
      prices: ['eastus,Standard_D2s_v5,0.096000,confirmed'],
    })
    expect(offers).toEqual([
      {
        id: 'azure/eastus/Standard_D2s_v5/on-demand',
        backend: 'azure',
        region: 'eastus',
        spot: false,
        priceNanoUsd: 96_000_000,
        stock: 'unknown',
        instanceType: {
          name: 'Standard_D2s_v5',
          cpus: 2,
          memoryMib: 8192,
          gpu: null,
          gpuCount: 0,
          diskMib: null,
          architecture: 'x86_64',
        },
        observation: {
          source:
            'Azure/karpenter-provider-azure pkg/providers/pricing/zz_generated.pricing.go@352646f',
          observedAt: '2026-06-18T00:00:00Z',
        },
      },
    ])
  })

  test.each([
    ['eastus,Standard_D2s_v5,0.1,windows', 'Windows price'],
    ['eastus,Standard_D2s_v5,0.1,differs', 'sources differ'],
    ['eastus,Standard_D2s_v5,0.000000,zero', 'zero price'],
    ['eastus,Standard_D2s_v5,0.000000,confirmed', 'zero price'],
    ['eastus,Standard_D2s_v5,,confirmed', 'no price'],
    ['eastus,Standard_D2s_v5,0.1,guessed', 'unknown check "guessed"'],
    ['eastus,Standard_D3s_v5,0.1,confirmed', 'size without specifications'],
    ['eastus,Basic_A1,0.1,confirmed', 'Basic tier'],
    ['eastus,Dsv3_Type1,0.1,confirmed', 'dedicated host'],
    ['eastus,Ddsv4_Type 1,0.1,confirmed', 'dedicated host'],
    ['eastus,ARM_SKU_NAME_PLACEHOLDER,0.1,confirmed', 'no size name'],
    ['northeurope,Standard_D2s_v5,0.1,confirmed', 'price list, region has retail meters'],
  ])('%s is rejected: %s', (row, reason) => {
    const extraction = extract({ sizes: [d2s], prices: [row] })
    expect(extraction.offers).toEqual([])
    expect(Object.fromEntries(extraction.rejected)[reason]).toBe(reason === 'Windows price' ? 2 : 1)
  })

  test.each([
    ['Standard_B2s_v2', false],
    ['Standard_B2pls_v2', false],
    ['Standard_D2as_v5', false],
    ['Standard_D2ads_v5', false],
    ['Standard_E8-2as_v5', false],
    ['Standard_E96iads_v5', false],
    ['Standard_NCC40ads_H100_v5', false],
    ['Standard_B2s', true],
    ['Standard_D2s_v5', true],
    ['Standard_D2as_v4', true],
    ['Standard_D2as_v6', true],
    ['Standard_DC2as_v5', true],
    ['Standard_E2s_v5', true],
    ['Standard_NC40ads_H100_v5', true],
  ])('%s is offered on one source alone: %s', (name, kept) => {
    const sizes = [`${name},2,8,,,`]
    const prices = [`eastus,${name},0.1,unconfirmed`]
    const extraction = extract({ sizes, prices })
    expect(extraction.offers.length).toBe(kept ? 1 : 0)
    expect(reasons(extraction)).toEqual(
      kept ? {} : { 'unconfirmed, family with Windows surcharge': 1 },
    )
    const confirmed = extract({ sizes, prices: [`eastus,${name},0.1,confirmed`] })
    expect(confirmed.offers.length).toBe(1)
  })

  test('a file that is no such list is refused', () => {
    expect(() => extract({ prices: [] })).not.toThrow()
    const directory = mkdtempSync(join(tmpdir(), 'azure-embed-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    mkdirSync(join(directory, 'azure/retail-meters'), { recursive: true })
    writeFileSync(join(directory, 'azure/instance-types.csv'), '<html>')
    writeFileSync(join(directory, 'azure/on-demand.csv'), '<html>')
    expect(() => azure.extract(directory)).toThrow('"arm_sku_name"')
  })
})

describe('retail meters', () => {
  const dsv5 = 'Virtual Machines Dsv5 Series'
  const metered = (...meters: readonly Meter[]): Extraction => extract({ sizes: [d2s], meters })

  test('Linux meters are offers, on-demand and spot', () => {
    const extraction = metered(
      { productName: dsv5, skuName: 'Standard_D2s_v5', retailPrice: 0.107 },
      { productName: dsv5, skuName: 'D2s v5 Spot', retailPrice: 0.019789 },
    )
    expect(pricesById(extraction)).toEqual({
      'azure/northeurope/Standard_D2s_v5/on-demand': 107_000_000,
      'azure/northeurope/Standard_D2s_v5/spot': 19_789_000,
    })
    expect(reasons(extraction)).toEqual({})
    expect(extraction.rowsRead).toBe(3)
  })

  test('the Linux meter decides, whatever the price list says', () => {
    const extraction = extract({
      sizes: ['Standard_E2as_v5,2,16,,,'],
      prices: ['northeurope,Standard_E2as_v5,0.219,confirmed'],
      meters: [
        { productName: 'Eadsv5 Series CloudServices', skuName: 'E2as v5', retailPrice: 0.219 },
        { productName: 'Virtual Machines Easv5 Series', skuName: 'E2as v5', retailPrice: 0.127 },
      ],
    })
    expect(pricesById(extraction)).toEqual({
      'azure/northeurope/Standard_E2as_v5/on-demand': 127_000_000,
    })
  })

  test.each([
    [`${dsv5} Windows`, 'D2s v5', 'Windows price'],
    ['Virtual Machines NCCadsv5 Srs Win', 'D2s v5', 'Windows price'],
    ['NCads A100 v4 Series Windows', 'D2s v5', 'Windows price'],
    ['Dsv5 Series Cloud Services', 'D2s v5', 'Cloud Services, Windows price'],
    ['Dsv5 Series CloudServices', 'D2s v5', 'Cloud Services, Windows price'],
    ['Dsv5 Series Dedicated Host', 'Dsv5_Type1', 'dedicated host'],
    ['Dsv5 Series DedicatedHost', 'D2s v5', 'dedicated host'],
    ['Virtual Machines A Series Basic', 'D2s v5', 'Basic tier'],
    [dsv5, 'D2s v5 Low Priority', 'Low Priority'],
    [dsv5, 'D3s v5', 'meter of no known size'],
    ['Virtual Machines Dsv5 promo Series', 'D2s v5', 'meter of no known size'],
  ])('%s, %s is rejected: %s', (productName, skuName, reason) => {
    const extraction = metered({ productName, skuName, retailPrice: 0.1 })
    expect(extraction.offers).toEqual([])
    expect(reasons(extraction)).toEqual({ [reason]: 1 })
  })

  test('zero prices and other units are rejected', () => {
    const meter = { productName: dsv5, skuName: 'D2s v5' }
    expect(reasons(metered({ ...meter, retailPrice: 0 }))).toEqual({ 'zero price': 1 })
    expect(reasons(metered({ ...meter, retailPrice: 1, unitOfMeasure: '1 Year' }))).toEqual({
      'not priced by the hour': 1,
    })
  })

  test('a size known by its price alone is rejected as such', () => {
    const extraction = extract({
      prices: ['eastus,Standard_PX2_v1,1,confirmed'],
      meters: [{ productName: 'PX', skuName: 'PX2 v1', retailPrice: 1 }],
    })
    expect(reasons(extraction)).toEqual({ 'size without specifications': 2 })
  })

  test('a second meter of one offer is counted, not kept', () => {
    const meter = { productName: dsv5, skuName: 'D2s v5', retailPrice: 0.107 }
    const extraction = metered(meter, meter)
    expect(extraction.offers.length).toBe(1)
    expect(reasons(extraction)).toEqual({ 'second price of the same offer': 1 })
  })

  test('a file with anything but meters is refused', () => {
    const broken = { productName: dsv5, skuName: 'D2s v5', retailPrice: '0.1' }
    const meters: readonly Meter[] = [broken as unknown as Meter]
    expect(() => extract({ meters })).toThrow('"vm-northeurope.json": 1 of 2 values are no meters')
  })
})

describe('sizes', () => {
  test.each([
    ['Standard_E16-4as_v5,16,128,,,', 4],
    ['Standard_M8-2ms,8,218.75,,,', 2],
    ['Standard_DS11-1_v2,2,14,,,', 1],
    ['Standard_HB120-16rs_v3,120,456,,,', 16],
    ['Standard_M416ds-104_6_v3,416,5700,,,', 104],
    ['Standard_D16s_v5,16,64,,,', 16],
  ])('%s has %d vCPUs', (size, cpus) => {
    expect(instanceTypeOf(size)?.cpus).toBe(cpus)
  })

  test('memory in GiB becomes MiB', () => {
    expect(instanceTypeOf('Standard_M8-2ms,8,218.75,,,')?.memoryMib).toBe(224_000)
    expect(instanceTypeOf('Standard_A0,1,0.75,,,')?.memoryMib).toBe(768)
  })

  test.each([
    ['Standard_D2ps_v5,2,8,,,', 'arm64'],
    ['Standard_B2pts_v2,2,1,,,', 'arm64'],
    ['Standard_E16pds_v6,16,128,,,', 'arm64'],
    ['Standard_ND128isr_NDR_GB200_v6,128,864,,,', 'arm64'],
    ['Standard_D2s_v5,2,8,,,', 'x86_64'],
    ['Standard_NC36ds_xl_RTXPRO6000BSE_v6,36,132,,,', 'x86_64'],
  ])('%s is %s', (size, architecture) => {
    expect(instanceTypeOf(size)?.architecture).toBe(architecture)
  })

  test.each([
    ['Standard_NP10s,10,168,,1,', 'FPGA machine'],
    ['Standard_PB6s,6,16,,,', 'FPGA machine'],
    ['Standard_NX8s_v9,8,64,,,', 'GPU of the size unknown'],
    ['Standard_NC8ads_A10_v4,8,100,A10,1,', 'GPU of the size unknown'],
    ['Standard_D8s_v9,8,64,A10,1,', 'GPU of the size unknown'],
    ['Standard_D8s_v9,8,,,,', 'size without specifications'],
  ])('%s is no offer: %s', (size, reason) => {
    const [name = ''] = size.split(',')
    const extraction = extract({ sizes: [size], prices: [`eastus,${name},1,confirmed`] })
    expect(extraction.offers).toEqual([])
    expect(reasons(extraction)).toEqual({ [reason]: 1 })
  })
})
