/** The price list is of parts: what shapes are made of is a table beside it. */
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { machinesAt } from './machines.ts'
import { priceListOf } from './prices.ts'
import { ociRegions } from './regions.ts'
import { type Product, productsAnswer } from './schema.ts'

export interface OciPage extends ImportPage {
  readonly products: readonly Product[]
}

const list = 'products'

async function* fetchPages(io: ImportIo): AsyncGenerator<OciPage> {
  const value = await io.json({
    path: '/pls/apex/cetools/api/v1/products/',
    query: { currencyCode: 'USD' },
  })
  const { items, hasMore } = readWire(productsAnswer, value, 'oci products')
  yield {
    products: items.rows,
    malformed: items.malformed,
    observation: io.observation,
    account: { ...wholeList(list, items.count), more: hasMore === true },
  }
}

/** Half, rounded up: never less than what is billed. */
const halfOf = (nanoUsd: number): number => Math.ceil(nanoUsd / 2)

const toOffers = (page: OciPage, regions: readonly string[]): PageOffers => {
  const gathering = newGathering('oci', page.observation, page.malformed)
  for (const { name, instanceType, nanoUsd, preemptible } of machinesAt(
    priceListOf(page.products),
  )) {
    if (instanceType === null) gathering.reject('no known model of accelerator', name)
    else if (nanoUsd === null) gathering.reject('a part without price', name)
    else {
      for (const region of regions) {
        const common = { region, instanceType, stock: 'unknown' as const }
        gathering.offer({ ...common, spot: false, priceNanoUsd: nanoUsd })
        if (preemptible) gathering.offer({ ...common, spot: true, priceNanoUsd: halfOf(nanoUsd) })
      }
    }
  }
  return gathering.end()
}

export const newOciImporter = (regions: readonly string[]): Importer<OciPage> => ({
  traits: {
    kind: 'list',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 500, atOnce: 1 },
    gives: { spot: true, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers: (page) => toOffers(page, regions),
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
})

export const ociImporter = newOciImporter(ociRegions)
