import type { InstanceType, Stock } from '#domain/offer'
import { digestLines } from '#platform/digest'
import { nanoOfUsd } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import {
  type AzureAccount,
  azureReadiness,
  openAccount,
  queryOf,
  readSizes,
  type RegionSizes,
} from './account.ts'
import { isSpot, problemOf, regionOf, sizeOf } from './meter.ts'
import { azureRegions } from './regions.ts'
import { type Item, pricesAnswer, type ResourceSku } from './schema.ts'
import { isRestricted, isSoldAsSpot, machineOf } from './sizes.ts'

export interface AzurePage extends ImportPage {
  readonly items: readonly Item[]
  /** That was asked for. */
  readonly region: string
  /** Its sizes by name, as a subscription sees them; null without one. */
  readonly sizes: ReadonlyMap<string, ResourceSku> | null
}

const filterOf = (region: string): string =>
  "serviceName eq 'Virtual Machines' and priceType eq 'Consumption'" +
  ` and armRegionName eq '${region}'`

async function* fetchRegion(
  io: ImportIo,
  account: AzureAccount | null,
  region: string,
): AsyncGenerator<AzurePage> {
  const seenSizes: RegionSizes | null = account && (await readSizes(io, account, region))
  const seen = new Set<string>()
  let query: Readonly<Record<string, string>> = {
    'api-version': '2023-01-01-preview',
    currencyCode: 'USD',
    $filter: filterOf(region),
  }
  for (let index = 0; ; index++) {
    const value = await io.json({ path: '/api/retail/prices', query })
    const { Items: items, NextPageLink: next } = readWire(pricesAnswer, value, `azure ${region}`)
    const key = digestLines([JSON.stringify(items)])
    yield {
      items: items.rows,
      region,
      sizes: seenSizes?.sizes ?? null,
      malformed: [...(index === 0 ? (seenSizes?.malformed ?? []) : []), ...items.malformed],
      observation: io.observation,
      account: {
        ...wholeList(region, items.count),
        index,
        key,
        more: (next !== null && next !== '') || seenSizes?.isWhole === false,
      },
    }
    if (next === null || next === '' || seen.has(key)) return
    seen.add(key)
    query = { ...query, ...queryOf(next) }
  }
}

async function* fetchPages(io: ImportIo): AsyncGenerator<AzurePage> {
  const account = await openAccount(io)
  for (const region of azureRegions) yield* fetchRegion(io, account, region)
}

interface Sale {
  readonly instanceType: InstanceType
  readonly stock: Stock
}

/**
 * The machine behind a price, or why there is none. Retail prices are listed where a size is not sold:
 * a subscription's own list tells, and has sizes that are newer than the embedded catalog.
 */
const saleOf = (item: Item, page: AzurePage, tables: ImportTables): Sale | string => {
  const name = sizeOf(item)
  const sizes = regionOf(item) === page.region ? page.sizes : null
  const known = tables.instanceType(name)
  if (sizes === null) {
    return known === null
      ? 'size without specifications'
      : { instanceType: known, stock: 'unknown' }
  }
  const seen = sizes.get(name)
  if (seen === undefined) return 'no size of the subscription in the region'
  if (isSpot(item) && !isSoldAsSpot(seen)) return 'size not sold as spot'
  const instanceType = known ?? machineOf(seen)
  if (typeof instanceType === 'string') return instanceType
  return { instanceType, stock: isRestricted(seen) ? 'none' : 'unknown' }
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
    const sale = saleOf(item, page, tables)
    if (typeof sale === 'string') gathering.reject(sale, item.armSkuName)
    else {
      const priceNanoUsd = nanoOfUsd(item.retailPrice)
      gathering.offer({
        region: regionOf(item),
        ...sale,
        spot: isSpot(item),
        priceNanoUsd,
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
    credentials: 'optional',
  },
  readiness: azureReadiness,
  fetch: fetchPages,
  toOffers,
  seal: (summary) =>
    sealPages(summary, { expected: azureRegions, emptyResult: 'suspicious', fullLists: true }),
}
