import { expect, test } from 'vitest'
import { readFixture } from '../read-fixture.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { lambdalabsCase } from './lambdalabs-case.ts'

const run = async () => {
  const { collected } = await runImporter(lambdalabsCase)
  return new Map(collected.offers.map((offer) => [offer.id, offer]))
}

test('cents are for the instance, and sizes are GiB', async () => {
  const offers = await run()
  const eight = offers.get('lambdalabs/us-east-1/gpu_8x_a100/on-demand')
  expect(eight?.priceNanoUsd).toBe(15_920_000_000)
  expect(eight?.instanceType).toMatchObject({ memoryMib: 1800 * 1024, diskMib: 6144 * 1024 })
})

test('a type is only where there is capacity; without any it has a price and no stock', async () => {
  const offers = await run()
  const places = [...offers.values()]
    .filter(({ instanceType }) => instanceType.name === 'gpu_1x_a10')
    .map(({ region }) => region)
  expect(places).toEqual(['us-east-1', 'us-west-1'])
  expect(offers.get('lambdalabs/?/gpu_1x_a6000/on-demand')?.stock).toBe('none')
})

test('sixteen accelerators are sixteen', async () => {
  const offers = await run()
  const machine = offers.get('lambdalabs/us-east-1/gpu_16x_a100/on-demand')?.instanceType
  expect(machine).toMatchObject({ gpuCount: 16, gpu: { memoryMib: 80 * 1024 } })
})

test('the answer is an object by name', async () => {
  const { collected } = await runImporter(lambdalabsCase, () => ({
    body: JSON.stringify(readFixture('lambdalabs', 'instance-types.json')),
  }))
  expect(collected.offers.length).toBe((await run()).size)
})

test('the key travels in a header, never in the address', async () => {
  const { server } = await runImporter(lambdalabsCase)
  const key = lambdalabsCase.credentials['LAMBDA_API_KEY'] ?? ''
  expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${key}`)
  expect(server.asked[0]?.key).not.toContain(key)
})

test('a GH200 comes with an Arm processor, and machines without accelerators are offers', async () => {
  const offers = await run()
  const machine = offers.get('lambdalabs/us-east-3/gpu_1x_gh200/on-demand')?.instanceType
  expect(machine).toMatchObject({ gpu: { name: 'GH200' }, architecture: 'arm64' })
  const bare = [...offers.values()].filter(({ instanceType }) => instanceType.gpuCount === 0)
  expect(bare.map(({ instanceType }) => instanceType.name)).not.toEqual([])
})
