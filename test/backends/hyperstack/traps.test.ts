import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { hyperstackCase } from './hyperstack-case.ts'

const offersOf = async () => {
  const { collected } = await runImporter(hyperstackCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('prices are per accelerator', async () => {
  const { offers } = await offersOf()
  expect(offers.get('hyperstack/CANADA-1/n3-H100x1/on-demand')?.priceNanoUsd).toBe(1_900_000_000)
  expect(offers.get('hyperstack/CANADA-1/n3-H100x8/on-demand')?.priceNanoUsd).toBe(15_200_000_000)
})

test('a spot flavor is priced as spot, and is the same card', async () => {
  const { offers } = await offersOf()
  const offer = offers.get('hyperstack/NORWAY-1/n3-RTX-A6000x2-spot/spot')
  expect(offer?.priceNanoUsd).toBe(800_000_000)
  expect(offer?.instanceType.gpu?.name).toBe('A6000')
})

test('an accelerator that the pricebook does not name has no price', async () => {
  const { collected } = await offersOf()
  expect(collected.rejects).toContainEqual({ reason: 'no price above zero', row: 'n3-L40x1' })
})

test('of two prices of one name the dearer counts', async () => {
  const { collected } = await runImporter(hyperstackCase, (asked, good) => {
    const prices = hyperstackCase.rowsOf(hyperstackCase.world(asked))
    if (asked.path !== '/v1/pricebook' || prices === null) return good()
    const twice = [...prices, { name: 'H100-80G-PCIe', value: '2.5' }, ...prices]
    return { body: JSON.stringify(twice) }
  })
  const offer = collected.offers.find(({ id }) => id.includes('n3-H100x1'))
  expect(offer?.priceNanoUsd).toBe(2_500_000_000)
})

test('a flavor without accelerator is rejected, and no stock is no stock', async () => {
  const { collected, offers } = await offersOf()
  expect(collected.rejects.map(({ row }) => row)).toContain('n1-cpu-small')
  expect(offers.get('hyperstack/CANADA-1/n3-H100x8/on-demand')?.stock).toBe('none')
})

test('the key is asked for by its name', async () => {
  const importer = await hyperstackCase.backend.importer()
  expect(importer.readiness({ HYPERSTACK_API_KEY: ' ' })).toEqual({
    status: 'missing',
    names: ['HYPERSTACK_API_KEY'],
  })
})
