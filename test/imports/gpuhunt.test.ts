/** gpuhunt's rows: what our reader of one row does not know. */
import { describe, expect, test } from 'vitest'
import { briefly, cardsOf, gpuhunt, gpuhuntRow as row } from './rows.ts'

const card = (name: string, count: string, memory: string) => ({
  gpu_name: name,
  gpu_count: count,
  gpu_memory: memory,
  gpu_vendor: 'nvidia',
})

describe('Google', () => {
  test('zones become their region, once', async () => {
    const zones = ['us-east1-c', 'us-east1-d', 'us-central1-ai1a'].map((location) =>
      row({ location }),
    )
    const read = await gpuhunt('gcp', zones)
    expect(briefly(read)).toEqual([
      'gcp/us-east1/i-1/on-demand 1.5',
      'gcp/us-central1/i-1/on-demand 1.5',
    ])
    expect(read.remarks).toEqual(['1 price of further zones or machines merged, the dearer kept'])
  })

  test('accelerators attached to one machine become part of its name', async () => {
    const n1 = { instance_name: 'n1-standard-4', location: 'us-east1-c' }
    const read = await gpuhunt('gcp', [
      row(n1),
      row({ ...n1, ...card('T4', '2', '16') }),
      row({ ...n1, ...card('V100', '1', '16') }),
      row({ ...n1, ...card('V100', '1', '32') }),
    ])
    expect(read.offers.map(({ instanceType }) => instanceType.name)).toEqual([
      'n1-standard-4',
      'n1-standard-4+T4:2',
      'n1-standard-4+V100:16GB:1',
      'n1-standard-4+V100:32GB:1',
    ])
  })

  test('a part of a card that is listed as the whole is the part', async () => {
    const g4 = { instance_name: 'g4-standard-6', location: 'us-east1-c', flags: 'gcp-g4' }
    const read = await gpuhunt('gcp', [row({ ...g4, ...card('RTXPRO6000', '1', '96') })])
    expect(cardsOf(read)).toEqual(['1 x RTXPRO6000-1/8 12'])
  })

  test('a TPU stays as it is written', async () => {
    const tpu = { gpu_name: 'v5litepod-4', gpu_count: '1', gpu_memory: '64', gpu_vendor: 'google' }
    expect(cardsOf(await gpuhunt('gcp', [row(tpu)]))).toEqual(['1 x v5litepod-4 64'])
  })
})

test('a TPU dearer as spot than on demand has no spot price', async () => {
  const tpu = { gpu_name: 'v3-8', gpu_count: '1', gpu_memory: '128', gpu_vendor: 'google' }
  const read = await gpuhunt('gcp', [
    row({ ...tpu, location: 'us-east1-c', price: '2.00' }),
    row({ ...tpu, location: 'us-east1-c', price: '2.64', spot: 'True' }),
    row({ ...tpu, location: 'us-east2-a', price: '2.00', spot: 'True' }),
  ])
  expect(briefly(read)).toEqual(['gcp/us-east1/i-1/on-demand 2', 'gcp/us-east2/i-1/spot 2'])
  expect(read.rejects).toEqual({ 'TPU dearer as spot than on demand': 1 })
})

describe('accelerators', () => {
  test.each([
    ['nvidia', ''],
    ['', 'B300'],
  ])('of no number, but a maker "%s" or a name "%s": no CPU machine', async (vendor, name) => {
    const read = await gpuhunt('aws', [row({ gpu_vendor: vendor, gpu_name: name })])
    expect(read).toMatchObject({ offers: [], rejects: { 'accelerators unknown': 1 } })
  })

  test('of an older file, whose name has a prefix and no maker', async () => {
    const tpu = { gpu_name: 'tpu-v3-8', gpu_count: '1', gpu_memory: '128' }
    const read = await gpuhunt('gcp', [row(tpu)])
    expect(read.offers[0]?.instanceType.gpu).toMatchObject({ name: 'v3-8', vendor: 'google' })
  })

  test.each([
    ['what AWS reports of an A10G', 'A10G', '1', '22.3', '1 x A10G 24'],
    ['a sixth of an A10', 'A10', '1', '4', '1 x A10-1/6 4'],
    ['several of one card', 'H100', '8', '80', '8 x H100 80'],
    ['a card that is not known yet', 'X999', '2', '512', '2 x X999 512'],
  ])('%s', async (_what, name, count, memory, expected) => {
    expect(cardsOf(await gpuhunt('azure', [row(card(name, count, memory))]))).toEqual([expected])
  })

  test.each([
    ['memory 0', 'A100', '1', '0'],
    ['memory 0, of a card that is not known', 'X999', '1', '0'],
    ['a part that is none', 'A100', '1', '20'],
    ['several of it', 'A100', '2', '55'],
    ['several parts', 'A10', '2', '4'],
  ])('a card of a memory it is not made with: %s', async (_what, name, count, memory) => {
    expect(await gpuhunt('azure', [row(card(name, count, memory))])).toMatchObject({
      offers: [],
      rejects: { 'memory that the accelerator is not made with': 1 },
    })
  })

  test('known cards have their compute capability', async () => {
    const read = await gpuhunt('aws', [row(card('H100', '8', '80'))])
    expect(read.offers[0]?.instanceType.gpu?.computeCapability).toEqual([9, 0])
  })
})

test.each([
  ['gcp-dws-calendar-mode', 'price of a reservation in advance, not on demand'],
  ['gcp-dws-calendar-mode gcp-a4', 'price of a reservation in advance, not on demand'],
  ['gcp-g4-preview', 'there twice, for clients of a preview'],
  ['runpod-cluster', 'sold as a cluster only'],
  ['from-the-future', 'marked for clients newer than this program'],
])('a row marked %s is no offer', async (flags, reason) => {
  expect(await gpuhunt('gcp', [row({ flags })])).toMatchObject({
    offers: [],
    malformed: 0,
    rejects: { [reason]: 1 },
  })
})

test.each(['gcp-a4', 'gcp-g4', 'lambda-arm', 'oci-spot', 'runpod-cpu'])(
  'a row marked %s is one',
  async (flags) => {
    expect((await gpuhunt('oci', [row({ flags })])).offers).toHaveLength(1)
  },
)

test('RunPod: the number of cards and the cloud are part of the name, as in a refresh', async () => {
  const pod = { instance_name: 'NVIDIA RTX A4000', ...card('A4000', '2', '16') }
  const read = await gpuhunt('runpod', [
    row({ ...pod, location: 'EU-SE-1', cpu: '9' }),
    row({ ...pod, location: 'US-TX-3', cpu: '7' }),
    row({ ...pod, location: 'SE' }),
  ])
  expect(read.offers.map(({ instanceType: { name, cpus } }) => [name, cpus])).toEqual([
    ['2x NVIDIA RTX A4000 secure', 7],
    ['2x NVIDIA RTX A4000 secure', 7],
    ['2x NVIDIA RTX A4000 community', 4],
  ])
})

test('Lambda: memory and disk are GB of 10^9 bytes there', async () => {
  const sizes = { memory: '241.65', disk_size: '1503.6' }
  const read = await gpuhunt('lambdalabs', [row(sizes)])
  const machine = { memoryMib: 225 * 1024, diskMib: 1400 * 1024 }
  expect(read.offers[0]?.instanceType).toMatchObject(machine)
})

test('Lambda in every region alike: where it is sold is not known', async () => {
  const rows = ['us-east-1', 'us-west-1'].map((location) => row({ location }))
  expect(briefly(await gpuhunt('lambdalabs', rows))).toEqual(['lambdalabs/?/i-1/on-demand 1.5'])
})

test('reasons are constant, whatever stands in the row', async () => {
  const read = await gpuhunt('aws', [
    row({ cpu: '4.0' }),
    row({ cpu: 'a "quoted": one\nmore' }),
    row({ price: '0.0' }),
    row({ price: 'nan' }),
    row({ instance_name: '' }),
    row({ cpu: '0' }),
    row({ provider_data: '{"a": ' }),
  ])
  expect(read.rejects).toEqual({
    'cpu: expected a whole number of 0 or more': 2,
    'no price above zero': 2,
    'instance_name is empty': 1,
    'no vCPUs or no memory': 1,
    'provider_data: expected JSON': 1,
  })
  expect(read).toMatchObject({ rows: 7, malformed: 5, offers: [] })
})
