import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { cloudriftCase } from './cloudrift-case.ts'

test('stock is what is free, not what is there', async () => {
  const { collected } = await runImporter(cloudriftCase)
  const stock = new Map(collected.offers.map((offer) => [offer.id, offer.stock]))
  expect(stock.get('cloudrift/us-west-1/rtx49-7c-kn.1/on-demand')).toBe('none')
  expect(stock.get('cloudrift/us-east-nc-nr-1/rtx49-7c-kn.1/on-demand')).toBe('high')
  expect(stock.get('cloudrift/us-east-nc-nr-1/rtx49-7c-kn.2/on-demand')).toBe('low')
})

test('accelerator memory of all or of one card gives one card', async () => {
  const { collected } = await runImporter(cloudriftCase)
  const gpus = collected.offers.map(({ instanceType: { gpu, gpuCount } }) =>
    gpu ? `${gpuCount}x${gpu.name}:${gpu.memoryMib / 1024}` : '-',
  )
  expect(gpus).toContain('2xRTX4090:24')
  expect(gpus).toContain('8xMI350X:288')
})

test('a bare text in the place of an answer is an error', async () => {
  const run = runImporter(cloudriftCase, () => ({ body: '"service unavailable"' }))
  await expect(run).rejects.toThrow('another shape')
})
