import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { aws } from '../../scripts/embed/aws.ts'
import type { Extraction } from '../../scripts/embed/source.ts'

type Blocks = Readonly<Record<string, unknown>>

const type = (name: string, blocks: Blocks = {}): Blocks => ({
  InstanceType: name,
  VCpuInfo: { DefaultVCpus: 4 },
  MemoryInfo: { SizeInMiB: 16_384 },
  ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
  InstanceStorageInfo: { TotalSizeInGB: 250 },
  ...blocks,
})

const device = (name: string, count: number, memoryMib: number, rest: Blocks = {}): Blocks => ({
  Name: name,
  Count: count,
  MemoryInfo: { SizeInMiB: memoryMib },
  ...rest,
})

const gpus = (...devices: Blocks[]): Blocks => ({ GpuInfo: { Gpus: devices } })
const neuron = (...devices: Blocks[]): Blocks => ({ NeuronInfo: { NeuronDevices: devices } })

const extract = (types: readonly Blocks[], prices: readonly string[]): Extraction => {
  const directory = mkdtempSync(join(tmpdir(), 'aws-embed-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'aws/offerings'), { recursive: true })
  const write = (name: string, text: string): void =>
    writeFileSync(join(directory, 'aws', name), text)
  write(
    'on-demand.csv',
    ['region,instance_type,usd_per_hour,observed_on', ...prices, ''].join('\n'),
  )
  write(
    'describe-instance-types.json',
    JSON.stringify(Object.fromEntries(types.map((one) => [one['InstanceType'], one]))),
  )
  const offered = types
    .filter((one) => one['InstanceType'] !== 'gone.large')
    .flatMap((one) => ['a', 'b'].map((zone) => ({ ...one, Location: `eu-west-1${zone}` })))
  write('offerings/eu-west-1.json', JSON.stringify(offered))
  write('offerings/us-east-1.json', JSON.stringify(offered))
  return aws.extract(directory)
}

const price = (name: string, usd = '1.5'): string => `eu-west-1,${name},${usd},2026-03-15`

/** The machine, or the reason why its price is rejected. */
const machine = (name: string, blocks: Blocks): unknown => {
  const { offers, rejected } = extract([type(name, blocks)], [price(name)])
  return offers[0]?.instanceType ?? [...rejected.keys()][0]
}

describe('a price', () => {
  test('becomes an on-demand offer of a region', () => {
    const { offers, rowsRead } = extract([type('m5.large')], [price('m5.large', '0.1070000009')])
    expect(rowsRead).toBe(1)
    expect(offers).toEqual([
      {
        id: 'aws/eu-west-1/m5.large/on-demand',
        backend: 'aws',
        region: 'eu-west-1',
        instanceType: {
          name: 'm5.large',
          cpus: 4,
          memoryMib: 16_384,
          gpu: null,
          gpuCount: 0,
          diskMib: null,
          architecture: 'x86_64',
        },
        spot: false,
        priceNanoUsd: 107_000_000,
        stock: 'unknown',
        observation: {
          source: 'varad-more/ec2-instance-advisor docs/data/ec2_aws_snapshot.csv@e106486',
          observedAt: '2026-03-15T00:00:00Z',
        },
      },
    ])
  })

  test('of us-east-1 names its own document and day', () => {
    const { offers } = extract([type('m5.large')], ['us-east-1,m5.large,0.096,2026-07-20'])
    expect(offers[0]?.observation).toEqual({
      source:
        'aws/karpenter-provider-aws pkg/providers/pricing/zz_generated.pricing_aws.go@1d92708',
      observedAt: '2026-07-20T00:00:00Z',
    })
  })

  test.each([
    ['of a region without a list of offerings', 'mx-central-1,m5.large,1,2026-03-15', /mx-central/],
    ['of a type that is not described', price('p2.xlarge'), /not described/],
    ['of a type that no zone offers', price('gone.large'), /no zone/],
    ['of nothing', price('m5.large', '0'), /above zero/],
    ['of a day no document is of', 'eu-west-1,m5.large,1,2020-01-01', /date/],
  ])('%s is rejected', (_, row, reason) => {
    const { offers, rejected } = extract([type('m5.large'), type('gone.large')], [row])
    expect(offers).toEqual([])
    expect([...rejected]).toEqual([[expect.stringMatching(reason), 1]])
  })
})

describe('accelerators', () => {
  test.each([
    ['g5.xlarge', gpus(device('A10G', 1, 22_888)), 'A10G', 1, 24_576],
    ['p4d.24xlarge', gpus(device('A100', 8, 40_960)), 'A100', 8, 40_960],
    ['p4de.24xlarge', gpus(device('A100', 8, 81_920)), 'A100', 8, 81_920],
    ['p6-b300.48xlarge', gpus(device('B300', 8, 275_040)), 'B300', 8, 276_480],
    ['g4ad.xlarge', gpus(device('Radeon Pro V520', 1, 8192)), 'V520', 1, 8192],
    ['g7e.2xlarge', gpus(device('RTX PRO Server 6000', 1, 98_304)), 'RTXPRO6000', 1, 98_304],
    ['trn2.48xlarge', neuron(device('Trainium2', 16, 524_288)), 'Trainium2', 16, 98_304],
  ])('%s: memory comes from the table', (name, blocks, gpu, gpuCount, memoryMib) => {
    expect(machine(name, blocks)).toMatchObject({ gpu: { name: gpu, memoryMib }, gpuCount })
  })

  test.each([
    ['g6f.large', 2861, 0.125, 'L4-1/8', 3072],
    ['g6f.2xlarge', 5722, 0.25, 'L4-1/4', 6144],
    ['gr6f.4xlarge', 11_444, 0.5, 'L4-1/2', 12_288],
  ])(
    '%s carries a slice of a card, a model of its own',
    (name, reportedMib, share, gpu, memoryMib) => {
      const blocks = gpus(device('L4', 0, reportedMib, { GpuPartitionSize: share }))
      expect(machine(name, blocks)).toMatchObject({ gpu: { name: gpu, memoryMib }, gpuCount: 1 })
    },
  )

  test('Inferentia is counted once, though it stands in two blocks', () => {
    const blocks = {
      ...neuron(device('Inferentia2', 6, 32_768)),
      InferenceAcceleratorInfo: { Accelerators: [device('Inferentia2', 6, 32_768)] },
    }
    expect(machine('inf2.24xlarge', blocks)).toMatchObject({
      gpu: { name: 'Inferentia2', vendor: 'aws' },
      gpuCount: 6,
    })
  })

  test('dl2q is no CPU machine, though the API has no block for its accelerators', () => {
    expect(machine('dl2q.24xlarge', {})).toMatchObject({ gpu: { name: 'AI100' }, gpuCount: 8 })
  })

  test('an Arm machine with a GPU', () => {
    const arm = { ProcessorInfo: { SupportedArchitectures: ['arm64'] } }
    expect(machine('g5g.xlarge', { ...gpus(device('T4g', 1, 16_384)), ...arm })).toMatchObject({
      gpu: { name: 'T4g' },
      architecture: 'arm64',
    })
  })

  test.each([
    ['f2.6xlarge', { FpgaInfo: {} }, 'FPGA machine'],
    ['vt1.3xlarge', { MediaAcceleratorInfo: {} }, 'video transcoding machine'],
    ['g9.xlarge', gpus(device('Nova', 1, 1024)), 'accelerator "Nova" is in no table'],
    ['p9.xlarge', {}, 'accelerators of the family are not described'],
    [
      'g9.xlarge',
      gpus(device('T4', 1, 16_384), device('L4', 1, 22_888)),
      'accelerators of several models',
    ],
    [
      'g6f.large',
      gpus(device('L4', 0, 9000, { GpuPartitionSize: 0.4 })),
      'a share of 0.4 of "L4" is no slice of a known card',
    ],
  ])('%s is rejected, not listed as a CPU machine', (name, blocks, reason) => {
    expect(machine(name, blocks)).toBe(reason)
  })
})
