/** SkyPilot's rows: every trap known of them. */
import { describe, expect, test } from 'vitest'
import { briefly, cardsOf, gpuInfo, skypilot, skypilotRow as row } from './rows.ts'

describe('prices', () => {
  test('a row is an on-demand and a spot offer', async () => {
    const read = await skypilot('nebius', [row({ SpotPrice: '0.5' })])
    expect(briefly(read)).toEqual([
      'nebius/us-east1/machine-1/on-demand 1.5',
      'nebius/us-east1/machine-1/spot 0.5',
    ])
  })

  test('a spot price of 0.00 says that there is none, and is no reject', async () => {
    const read = await skypilot('vastai', [row({ SpotPrice: '0.00', Region: ', CA, NA' })])
    expect(briefly(read)).toEqual(['vastai/ca/machine-1/on-demand 1.5'])
    expect(read.rejects).toEqual({})
  })

  test('an on-demand price of zero is no price', async () => {
    const read = await skypilot('nebius', [row({ Price: '0.0' })])
    expect(read).toMatchObject({ offers: [], rejects: { 'no price above zero': 1 } })
  })

  test('an empty price with a spot price is a spot offer', async () => {
    const read = await skypilot('primeintellect', [row({ Price: '', SpotPrice: '0.53' })])
    expect(briefly(read)).toEqual(['primeintellect/us-east1/machine-1/spot 0.53'])
  })

  test('zones become their region at the dearer price', async () => {
    const zones = ['use1-az1', 'use1-az2'].map((zone, index) =>
      row({ AvailabilityZone: zone, SpotPrice: String(0.2 + index / 10) }),
    )
    const read = await skypilot('aws', zones)
    expect(briefly(read)).toEqual([
      'aws/us-east1/machine-1/on-demand 1.5',
      'aws/us-east1/machine-1/spot 0.3',
    ])
    expect(read.remarks).toEqual(['2 prices of further zones or machines merged, the dearer kept'])
  })

  test('a price no accelerator has is left out alone, and counts as spoilt', async () => {
    const card = { AcceleratorName: 'H100', AcceleratorCount: '1' }
    const read = await skypilot('nebius', [
      row({ ...card, InstanceType: 'dear', Price: '700.0' }),
      row({ ...card, InstanceType: 'cheap', Price: '0.001' }),
      row({ ...card, InstanceType: 'fair', Price: '2.95' }),
    ])
    expect(briefly(read)).toEqual(['nebius/us-east1/fair/on-demand 2.95'])
    expect(read).toMatchObject({ malformed: 2, rejects: { 'price that no accelerator has': 2 } })
  })

  test.each([
    [{ vCPUs: 'many' }, 'vCPUs: expected a number'],
    [{ MemoryGiB: '-1' }, 'MemoryGiB: expected a number'],
    [{ AcceleratorCount: 'nan' }, 'AcceleratorCount: expected a number'],
    [{ Price: 'inf' }, 'Price: expected dollars an hour'],
    [{ SpotPrice: '-3' }, 'SpotPrice: expected dollars an hour'],
    [{ Region: undefined }, 'the row is cut short'],
  ])('%o is malformed', async (over, reason) => {
    const read = await skypilot('nebius', [row(over)])
    expect(read).toMatchObject({ offers: [], malformed: 1, rejects: { [reason]: 1 } })
  })
})

test.each([
  ['a machine with an escape', { InstanceType: 'm-\u001b[31m1' }],
  ['a machine with a line break', { InstanceType: 'm\n1' }],
  ['a machine with a NUL', { InstanceType: 'm\u00001' }],
  ['a machine in another encoding', { InstanceType: 'm-\uFFFD' }],
  ['a region with an escape', { Region: 'us-\u009b1' }],
])('%s is malformed', async (_what, over) => {
  const read = await skypilot('nebius', [row(over)])
  const rejects = { 'name with characters that are no text': 1 }
  expect(read).toMatchObject({ offers: [], malformed: 1, rejects })
})

describe('memory of accelerators', () => {
  const card = (backend: string, name: string, count: string, info: string) =>
    skypilot(backend, [row({ AcceleratorName: name, AcceleratorCount: count, GpuInfo: info })])

  test.each([
    ['verda', 'A100-80GB-320GB', 4, 327_680, '4 x A100 80'],
    ['verda', 'A100-40GB-320GB', 8, 327_680, '8 x A100 40'],
    // A total that is a size of the card too: 32 GB would be the other V100.
    ['verda', 'Tesla-V100', 2, 32_768, '2 x V100 16'],
    ['vastai', 'V100', 2, 32_768, '2 x V100 16'],
    ['vastai', 'RTXPRO6000WS', 2, 195_774, '2 x RTXPRO6000 96'],
  ])('%s gives that of all together: %s x %i', async (backend, name, count, size, expected) => {
    const read = await card(backend, name, String(count), gpuInfo(name, count, size))
    expect(cardsOf(read)).toEqual([expected])
  })

  test.each([
    ['lambdalabs', 'V100', 8, 16_384, '8 x V100 16'],
    ['hyperstack', 'A100-80G-PCIe-NVLink', 8, 81_920, '8 x A100 80'],
    ['runpod', 'A100-80GB', 1, 80, '1 x A100 80'],
    ['shadeform', 'V100-32GB', 4, 32, '4 x V100 32'],
    ['seeweb', 'RTX PRO 6000 96GB', 2, 0, '2 x RTXPRO6000 96'],
    ['digitalocean', 'H100', 8, 81_559, '8 x H100 80'],
  ])('%s: %s', async (backend, name, count, size, expected) => {
    const info = gpuInfo(name, count, size)
    const read = await card(
      backend,
      name,
      `${count}.0`,
      backend === 'digitalocean' ? info.toLowerCase() : info,
    )
    expect(cardsOf(read)).toEqual([expected])
  })

  test.each([
    ['A100', '1 x A100 40'],
    ['A100-80GB', '1 x A100 80'],
    ['V100', '1 x V100 16'],
    ['P4000', '1 x P4000 8'],
  ])('a name alone: %s', async (name, expected) => {
    expect(cardsOf(await card('paperspace', name, '1.0', name))).toEqual([expected])
  })

  test('a name whose memory is that of another card is not believed', async () => {
    const read = await card('vastai', 'RTX4060', '4', gpuInfo('RTX4060', 4, 65_520))
    expect(read).toMatchObject({ offers: [], rejects: { 'accelerators unknown': 1 } })
  })

  test.each([
    ['0.167', '1 x A10-1/6 4'],
    ['0.333', '1 x A10-1/3 8'],
    ['0.5', '1 x A10-1/2 12'],
  ])('a part of a card is a model of its own: %s', async (count, expected) => {
    expect(cardsOf(await card('nebius', 'A10', count, 'A10'))).toEqual([expected])
  })

  test('a number that is no part of a card is refused', async () => {
    expect(await card('nebius', 'A10', '1.5', 'A10')).toMatchObject({
      offers: [],
      rejects: { 'no whole number of accelerators, nor a part of one': 1 },
    })
  })
})

describe('machines', () => {
  test('a machine without vCPUs or memory is none', async () => {
    expect(await skypilot('nebius', [row({ vCPUs: '' })])).toMatchObject({
      offers: [],
      rejects: { 'no vCPUs or no memory': 1 },
    })
  })

  test.each([
    ['too little', '0.75'],
    ['too much', '1000'],
  ])('%s memory for its vCPUs is malformed', async (_what, MemoryGiB) => {
    const read = await skypilot('nebius', [row({ vCPUs: '4', MemoryGiB })])
    const rejects = { 'memory that no machine of so many vCPUs has': 1 }
    expect(read).toMatchObject({ offers: [], malformed: 1, rejects })
  })

  test('one name, two disks and processors: the lesser disk, and no processor is promised', async () => {
    const read = await skypilot('nebius', [
      row({ Region: 'a', StorageGiB: '200', Arch: 'arm64' }),
      row({ Region: 'b', StorageGiB: '100', Arch: 'x86_64' }),
      row({ Region: 'c' }),
    ])
    const machine = { diskMib: 100 * 1024, architecture: null }
    expect(read.offers.map(({ instanceType }) => instanceType)).toMatchObject([
      machine,
      machine,
      machine,
    ])
  })

  test('a part of a card may cost less than any card', async () => {
    const part = { AcceleratorName: 'A10', AcceleratorCount: '0.167', GpuInfo: '' }
    const read = await skypilot('azure', [row({ ...part, SpotPrice: '0.004' })])
    expect(read.offers.map(({ spot }) => spot)).toEqual([false, true])
  })

  test('one name, two memories: the lesser is what every one of them has', async () => {
    const read = await skypilot('hyperstack', [
      row({ Region: 'CANADA-1', MemoryGiB: '1800.0', vCPUs: '192' }),
      row({ Region: 'US-1', MemoryGiB: '960.0', vCPUs: '192' }),
    ])
    expect(read.offers.map(({ instanceType }) => instanceType.memoryMib)).toEqual([
      960 * 1024,
      960 * 1024,
    ])
  })

  test('processor: what the row says, else what the accelerator brings, else unknown', async () => {
    const grace = { InstanceType: 'grace', AcceleratorName: 'GH200', AcceleratorCount: '1' }
    const read = await skypilot('nebius', [
      row({ InstanceType: 'a1', Arch: 'arm64' }),
      row({ InstanceType: 'c1', Arch: 'i386' }),
      row({ ...grace, GpuInfo: gpuInfo('GH200', 1, 98_304) }),
      row({ InstanceType: 'unknown' }),
    ])
    const architectures = read.offers.map(({ instanceType }) => instanceType.architecture)
    expect(architectures).toEqual(['arm64', 'x86_64', 'arm64', null])
  })
})

describe('regions', () => {
  test.each([
    ['vastai', { Region: 'South Korea, KR, AS' }, 'kr-southkorea'],
    ['vastai', { Region: ', US, NA' }, 'us'],
    ['seeweb', { Region: '' }, null],
    ['hyperbolic', { Region: 'default' }, null],
    ['runpod', { Region: 'IN', AvailabilityZone: 'AP-IN-1' }, 'AP-IN-1'],
    ['paperspace', { Region: 'East Coast (NY2)' }, 'East Coast (NY2)'],
  ])('%s %o', async (backend, over, expected) => {
    const read = await skypilot(backend, [row(over)])
    expect(read.offers.map(({ region }) => region)).toEqual([expected])
  })

  const everywhere = ['us-east-1', 'asia-south-1'].flatMap((Region) =>
    ['gpu_1', 'gpu_2'].map((InstanceType) => row({ Region, InstanceType })),
  )

  test('Lambda in every region alike: where it is sold is not known', async () => {
    const read = await skypilot('lambdalabs', everywhere)
    expect(briefly(read)).toEqual([
      'lambdalabs/?/gpu_1/on-demand 1.5',
      'lambdalabs/?/gpu_2/on-demand 1.5',
    ])
    expect(read.notes.join()).toContain('regions are not known')
  })

  test('Lambda in one region alone: that one is believed', async () => {
    const read = await skypilot('lambdalabs', everywhere.slice(0, 2))
    expect(read.offers.map(({ region }) => region)).toEqual(['us-east-1', 'us-east-1'])
  })

  test('Lambda in some regions only: these are believed', async () => {
    const read = await skypilot('lambdalabs', everywhere.slice(1))
    expect(read.offers.map(({ region }) => region)).toEqual([
      'us-east-1',
      'asia-south-1',
      'asia-south-1',
    ])
  })
})

describe('Azure', () => {
  test('constrained sizes have the vCPUs after the dash', async () => {
    const read = await skypilot('azure', [
      row({ InstanceType: 'Standard_E16-4as_v5', vCPUs: '16', MemoryGiB: '128' }),
    ])
    expect(read.offers[0]?.instanceType.cpus).toBe(4)
  })

  test.each(['Standard_ND128isr_NDR_GB200_v6', 'Standard_NP10s', 'Standard_NV24ads_V710_v5'])(
    '%s without an accelerator is no CPU machine',
    async (InstanceType) => {
      const read = await skypilot('azure', [row({ InstanceType })])
      expect(read).toMatchObject({ offers: [], rejects: { 'accelerators unknown': 1 } })
    },
  )
})
