import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { tensordockCase } from './tensordock-case.ts'

const offersOf = async () => {
  const { collected } = await runImporter(tensordockCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('a price is the exact sum of accelerators, vCPUs, memory and disk', async () => {
  const { offers } = await offersOf()
  // 2 x 0.37 + 8 x 0.003 + 32 x 0.002 + 100 x 0.00005
  const offer = offers.get('tensordock/a1b2-chubbuck/2x geforcertx4090-pcie-24gb 8-32/on-demand')
  expect(offer?.priceNanoUsd).toBe(833_000_000)
})

test('no box is larger than what is there', async () => {
  const { collected } = await offersOf()
  const counts = (part: string) =>
    collected.offers
      .filter(({ id }) => id.includes(part))
      .map(({ instanceType, stock }) => `${instanceType.gpuCount} ${stock}`)
  expect(counts('4090')).toEqual(['1 low', '2 low'])
  expect(counts('chubbuck/1x l40').concat(counts('chubbuck/8x l40'))).toEqual(['1 low', '8 low'])
  expect(counts('manassas/1x l40').concat(counts('manassas/4x l40'))).toEqual(['1 low'])
})

test('what is not there keeps its price, out of stock', async () => {
  const { offers } = await offersOf()
  const offer = offers.get('tensordock/c3d4-manassas/1x h100-sxm5-80gb 4-16/on-demand')
  expect(offer?.stock).toBe('none')
})

test('a part without price leaves no offer', async () => {
  const { collected } = await runImporter(tensordockCase, (asked, good) => {
    const text = JSON.stringify(tensordockCase.world(asked))
    return asked.path.endsWith('/locations')
      ? { body: text.replaceAll('"per_gb_ram_hr":0.002', '"per_gb_ram_hr":null') }
      : good()
  })
  expect(collected.offers).toEqual([])
})

test('parts finer than a nano-dollar add up before they are rounded', async () => {
  const { collected } = await runImporter(tensordockCase, (asked, good) => {
    const text = JSON.stringify(tensordockCase.world(asked))
    return asked.path.endsWith('/locations')
      ? {
          body: text.replaceAll('"per_gb_storage_hr":0.00005', '"per_gb_storage_hr":0.00005000005'),
        }
      : good()
  })
  const offer = collected.offers.find(({ id }) => id.includes('1x geforcertx4090'))
  expect(offer?.priceNanoUsd).toBe(419_000_005)
})
