import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { digitaloceanCase } from './digitalocean-case.ts'

test('accelerator memory is of all together', async () => {
  const { collected } = await runImporter(digitaloceanCase)
  const machine = collected.offers.find(
    ({ instanceType }) => instanceType.name === 'gpu-mi300x8-1536gb',
  )
  expect(machine?.instanceType).toMatchObject({
    gpuCount: 8,
    gpu: { name: 'MI300X', vendor: 'amd', memoryMib: 192 * 1024 },
  })
})

test('pages of 200, the most there is, until there is no next; its address is not followed', async () => {
  const { server } = await runImporter(digitaloceanCase)
  const pages = server.asked.map(({ query }) => [query.get('per_page'), query.get('page')])
  expect(pages).toEqual([
    ['200', '1'],
    ['200', '2'],
  ])
})

test('a size that is nowhere, or not available, is no offer', async () => {
  const { collected } = await runImporter(digitaloceanCase)
  expect(collected.rejects).toEqual([
    { reason: 'in no location', row: 'gpu-h200x1-141gb' },
    { reason: 'not available', row: 'c-2' },
  ])
})

test('a card has the name it has everywhere, whatever its spelling here', async () => {
  const { collected } = await runImporter(digitaloceanCase)
  const machine = collected.offers.find(
    ({ instanceType }) => instanceType.name === 'gpu-4000adax1-20gb',
  )
  expect(machine?.instanceType.gpu).toMatchObject({ name: 'RTX4000Ada', memoryMib: 20 * 1024 })
})
