/** Google's part of SkyPilot's catalogs prices machines and their accelerators apart. */
import { expect, test } from 'vitest'
import { briefly, gpuInfo, skypilot, skypilotRow as row } from './rows.ts'

const zone = { Region: 'us-central1', AvailabilityZone: 'us-central1-a' }

const host = (name: string, price: string, spot: string) =>
  row({
    ...zone,
    InstanceType: name,
    vCPUs: '12',
    MemoryGiB: '85.0',
    Price: price,
    SpotPrice: spot,
  })

const card = (name: string, count: string, price: string, spot: string, over = {}) =>
  row({
    ...zone,
    InstanceType: '',
    vCPUs: '',
    MemoryGiB: '',
    AcceleratorName: name,
    AcceleratorCount: count,
    GpuInfo: gpuInfo(name, 1, 40_960),
    Price: price,
    SpotPrice: spot,
    ...over,
  })

test('the price of the machine and that of its accelerators in the zone are one price', async () => {
  const read = await skypilot('gcp', [
    host('a2-highgpu-1g', '0.94803', '0.47407'),
    card('A100', '1', '2.9339', '1.3974'),
    card('A100', '2', '5.8678', '2.7948'),
  ])
  expect(briefly(read)).toEqual([
    'gcp/us-central1/a2-highgpu-1g/on-demand 3.88193',
    'gcp/us-central1/a2-highgpu-1g/spot 1.87147',
  ])
  expect(read.rejects).toEqual({ 'accelerators without a machine': 4 })
})

test.each([
  ['a2-ultragpu-1g', 'A100-80GB', '1'],
  ['a3-megagpu-8g', 'H100-MEGA', '8'],
])('%s carries what is priced as %s', async (machine, name, count) => {
  const read = await skypilot('gcp', [host(machine, '12', '3'), card(name, count, '60', '20')])
  expect(briefly(read)).toEqual([
    `gcp/us-central1/${machine}/on-demand 72`,
    `gcp/us-central1/${machine}/spot 23`,
  ])
})

test('accelerators of another zone are none', async () => {
  const read = await skypilot('gcp', [
    host('a2-highgpu-1g', '0.94803', ''),
    card('A100', '1', '2.9339', '', { AvailabilityZone: 'us-central1-b' }),
  ])
  expect(read.offers).toEqual([])
  expect(read.rejects).toMatchObject({ 'the price of the accelerators in the zone is missing': 1 })
})

test('the on-demand price of a reservation is not taken for one; the spot price stays', async () => {
  const read = await skypilot('gcp', [
    host('a2-highgpu-1g', '0.94803', '0.47407'),
    card('A100', '1', '1.70586', '1.3974'),
  ])
  expect(briefly(read)).toEqual(['gcp/us-central1/a2-highgpu-1g/spot 1.87147'])
  expect(read.rejects).toMatchObject({
    'on-demand price of another tariff, far below the known ones': 1,
  })
})

test('accelerators dearer as spot than on demand spoil both prices', async () => {
  const read = await skypilot('gcp', [
    host('a2-ultragpu-1g', '1.4', '0.7'),
    card('A100-80GB', '1', '1.8462', '1.964'),
  ])
  expect(read.offers).toEqual([])
  expect(read.rejects).toMatchObject({ 'accelerators dearer as spot than on demand': 2 })
})

test('what cannot be had on demand is spot only', async () => {
  const read = await skypilot('gcp', [
    host('a3-highgpu-1g', '1.4', '0.5'),
    card('H100', '1', '9.8', '2.2'),
  ])
  expect(briefly(read)).toEqual(['gcp/us-central1/a3-highgpu-1g/spot 2.7'])
  expect(read.rejects).toMatchObject({ 'not to be had on demand': 1 })
})

test.each(['e2-micro', 'e2-small', 'e2-medium'])('%s is priced too high there', async (name) => {
  const read = await skypilot('gcp', [host(name, '0.05', '0.02')])
  expect(read).toMatchObject({
    offers: [],
    rejects: { 'shared-core machine priced by whole vCPUs': 2 },
  })
})

test('a GPU machine that is not known is no CPU machine', async () => {
  const read = await skypilot('gcp', [host('a3-edgegpu-8g', '12.1', '3.0')])
  expect(read).toMatchObject({ offers: [], rejects: { 'accelerators unknown': 2 } })
})

test('a machine of price zero with accelerators has no price', async () => {
  const read = await skypilot('gcp', [
    host('a4-highgpu-8g', '0.0', '0.0'),
    card('B200', '8', '110', '40'),
  ])
  expect(read.offers).toEqual([])
})

test('TPUs, at 700 or at any price, tell nothing of their host', async () => {
  const read = await skypilot('gcp', [
    card('tpu-v6e-1', '1', '700.0', '700.0'),
    card('tpu-v5litepod-4', '1', '4.8', ''),
  ])
  expect(read).toMatchObject({
    offers: [],
    rejects: { 'TPU: vCPUs and memory of its host are not given': 3 },
  })
})
