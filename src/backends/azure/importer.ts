import { nanoOfUsd } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { readWire } from '#backends/kit/wire'
import { isSpot, problemOf, regionOf, sizeOf } from './meter.ts'
import { azureRegions } from './regions.ts'
import { type Item, pricesAnswer } from './schema.ts'

export interface AzurePage extends ImportPage {
  readonly items: readonly Item[]
}

const filterOf = (region: string): string =>
  "serviceName eq 'Virtual Machines' and priceType eq 'Consumption'" +
  ` and armRegionName eq '${region}'`

/** The link names the host that was asked, unless the endpoint is pointed elsewhere: only its query counts. */
const queryOfLink = (link: string): Readonly<Record<string, string>> =>
  URL.canParse(link) ? Object.fromEntries(new URL(link).searchParams) : {}

async function* fetchRegion(io: ImportIo, region: string): AsyncGenerator<AzurePage> {
  const seen = new Set<string>()
  let query: Readonly<Record<string, string>> = {
    'api-version': '2023-01-01-preview',
    currencyCode: 'USD',
    $filter: filterOf(region),
  }
  for (let index = 0; ; index++) {
    const key = query['$skip'] ?? '0'
    if (seen.has(key)) return
    seen.add(key)
    const value = await io.json({ path: '/api/retail/prices', query })
    const { Items: items, NextPageLink: next } = readWire(pricesAnswer, value, `azure ${region}`)
    yield {
      items: items.rows,
      malformed: items.malformed,
      observation: io.observation,
      account: {
        list: region,
        index,
        key,
        rows: items.count,
        total: null,
        cutAt: null,
        more: next !== null && next !== '',
        announces: [],
      },
    }
    if (next === null || next === '') return
    query = { ...query, ...queryOfLink(next) }
  }
}

async function* fetchPages(io: ImportIo): AsyncGenerator<AzurePage> {
  for (const region of azureRegions) yield* fetchRegion(io, region)
}

/** A row prices the region it names, whatever was asked for. */
const toOffers = (page: AzurePage, tables: ImportTables): PageOffers => {
  const gathering = newGathering('azure', page.observation, page.malformed)
  for (const item of page.items) {
    const problem = problemOf(item)
    if (problem !== null) {
      gathering.reject(problem, item.skuName)
      continue
    }
    const instanceType = tables.instanceType(sizeOf(item))
    if (instanceType === null) gathering.reject('size without specifications', item.armSkuName)
    else {
      const priceNanoUsd = nanoOfUsd(item.retailPrice)
      gathering.offer({
        region: regionOf(item),
        instanceType,
        spot: isSpot(item),
        priceNanoUsd,
        stock: 'unknown',
      })
    }
  }
  return gathering.end()
}

export const azureImporter: Importer<AzurePage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 100, atOnce: 1 },
    gives: { spot: true, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers,
  seal: (summary) =>
    sealPages(summary, { expected: azureRegions, emptyResult: 'suspicious', fullLists: true }),
}
