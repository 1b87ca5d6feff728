import type { InstanceType, Stock } from '#domain/offer'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import { mibOfGib, nanoOf } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { numberedPages } from '#backends/kit/numbered-pages'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { readWire } from '#backends/kit/wire'
import { availabilityAnswer, type AvailableItem } from './schema.ts'

export interface PrimeintellectPage extends ImportPage {
  readonly items: readonly AvailableItem[]
}

const list = 'accelerators'
const rowsPerPage = '100'

async function* fetchPages(io: ImportIo): AsyncGenerator<PrimeintellectPage> {
  const secretHeaders = { authorization: `Bearer ${io.credentials['key'] ?? ''}` }
  const pages = numberedPages(list, async (page) => {
    const value = await io.json({
      path: '/api/v1/availability/gpus',
      query: { page: String(page), page_size: rowsPerPage },
      secretHeaders,
    })
    const { items: rows, totalCount: total } = readWire(
      availabilityAnswer,
      value,
      'primeintellect availability',
    )
    return { rows, total }
  })
  for await (const { rows, malformed, account } of pages) {
    yield { items: rows, malformed, account, observation: io.observation }
  }
}

/** A cloud sells one id with other vCPUs and memory at each place, so the name tells them too. */
const nameOf = (item: AvailableItem, cpus: number, memoryGb: number): string => {
  const cloud = item.security === 'community_cloud' ? `${item.provider} community` : item.provider
  return `${cloud}:${item.gpuCount}x ${item.cloudId}:${cpus}-${memoryGb}`
}

const machineOf = (item: AvailableItem): InstanceType | string => {
  const { gpuCount, gpuMemory } = item
  if (!(gpuCount >= 1)) return 'number of accelerators not told'
  const memoryOfOne = gpuMemory === null ? undefined : (gpuMemory * 1024) / gpuCount
  const gpu = gpuOf(item.gpuType, memoryOfOne)
  if (gpu === null) return 'no known model of accelerator'
  const cpus = item.vcpu.defaultCount
  const memoryGb = item.memory.defaultCount
  const memoryMib = memoryGb === null ? null : mibOfGib(memoryGb)
  if (cpus === null || !(cpus > 0) || memoryGb === null || memoryMib === null) {
    return 'vCPUs or memory not told'
  }
  return {
    name: nameOf(item, cpus, memoryGb),
    cpus,
    memoryMib,
    gpu,
    gpuCount,
    diskMib: null,
    architecture: architectureOf(gpu),
  }
}

/** In stock by how much is not told by `Available`; a word not known yet is no promise. */
const stockOf = (status: string | null): Stock => {
  switch ((status ?? '').toLowerCase()) {
    case 'unavailable':
      return 'none'
    case 'available':
    case 'low':
      return 'low'
    case 'medium':
      return 'medium'
    case 'high':
      return 'high'
    default:
      return 'unknown'
  }
}

/** Prices are sums in binary on their side: 1.6567999999999998 is 1.6568. */
const priceOf = ({ prices }: AvailableItem): number | null =>
  nanoOf(prices.onDemand ?? prices.communityPrice, '1')

const toOffers = (page: PrimeintellectPage): PageOffers => {
  const gathering = newGathering('primeintellect', page.observation, page.malformed)
  for (const item of page.items) {
    const machine = machineOf(item)
    if (typeof machine === 'string') gathering.reject(machine, item.cloudId)
    else if (item.prices.currency !== 'USD') gathering.reject('not in dollars', item.cloudId)
    else {
      gathering.offer({
        region: item.dataCenter || item.region || null,
        instanceType: machine,
        spot: item.isSpot ?? false,
        priceNanoUsd: priceOf(item),
        stock: stockOf(item.stockStatus),
      })
    }
  }
  return gathering.end()
}

export const primeintellectImporter: Importer<PrimeintellectPage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) => readinessOf(environment, { key: ['PRIME_API_KEY'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
