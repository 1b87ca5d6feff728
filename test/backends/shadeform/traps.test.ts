import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { shadeformCase } from './shadeform-case.ts'

const offersOf = async () => {
  const { collected } = await runImporter(shadeformCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('prices are cents', async () => {
  const { offers } = await offersOf()
  const offer = offers.get('shadeform/us-central-1/hyperstack:A6000:gpu_1x_a6000/on-demand')
  expect(offer?.priceNanoUsd).toBe(2_100_000_000)
})

test('memory is per card, and not divided', async () => {
  const { offers } = await offersOf()
  const offer = offers.get('shadeform/canada-1/hyperstack:A100_80Gx8:n3-A100x8/on-demand')
  expect(offer?.instanceType).toMatchObject({ gpuCount: 8, gpu: { memoryMib: 81920 } })
})

test('one type of two clouds is two types', async () => {
  const { collected } = await offersOf()
  const names = new Set(collected.offers.map(({ instanceType }) => instanceType.name))
  expect(names).toContain('hyperstack:A6000:gpu_1x_a6000')
  expect(names).toContain('lambdalabs:A6000:gpu_1x_a6000')
})

test('what is not available is out of stock, and what is in no region is no offer', async () => {
  const { collected, offers } = await offersOf()
  const id = 'shadeform/us-central-2/hyperstack:A6000:gpu_1x_a6000/on-demand'
  expect(offers.get(id)?.stock).toBe('none')
  expect(collected.rejects).toContainEqual({ reason: 'in no region', row: 'nowhere:A6000:a6000' })
})

test('the key is asked for by its name', async () => {
  const importer = await shadeformCase.backend.importer()
  expect(importer.readiness({ SHADEFORM_API_KEY: ' ' })).toEqual({
    status: 'missing',
    names: ['SHADEFORM_API_KEY'],
  })
})
