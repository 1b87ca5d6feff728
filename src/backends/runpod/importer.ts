/**
 * Asks for one count of accelerators at a time, with the places as aliases: some ten requests where
 * one per count and place would be six hundred, and no answer can be taken for another's.
 */
import { UpstreamRefusedError } from '#domain/errors'
import { contains } from '#domain/range'
import type { Importer, ImportPage, Reject } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { isSoughtRegion, type Sought } from '#backends/kit/sought'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { offersOfCpus } from './cpu-offers.ts'
import { offersOfCount } from './gpu-offers.ts'
import { cpuPricesQuery, overviewQuery, type Place, placesOf, pricesQuery } from './queries.ts'
import {
  type CpuMachine,
  cpuPricesAnswer,
  type GpuType,
  lowestPriceOf,
  type LowestPrice,
  overviewAnswer,
  pricesAnswer,
  type Specifics,
  specificsOf,
} from './schema.ts'

/** What one accelerator costs at a place, by the id of its type. */
export interface PriceAt {
  readonly place: Place
  readonly gpuTypeId: string
  readonly price: LowestPrice
}

export interface CpuPriceAt {
  readonly place: Place
  readonly flavorId: string
  readonly specifics: Specifics
}

export type RunpodPage = ImportPage &
  (
    | { readonly kind: 'overview' }
    | {
        readonly kind: 'gpus'
        readonly gpuCount: number
        readonly gpuTypes: readonly GpuType[]
        readonly prices: readonly PriceAt[]
      }
    | {
        readonly kind: 'cpus'
        readonly flavors: readonly CpuMachine[]
        readonly specifics: readonly CpuPriceAt[]
      }
  )

/** Places asked for at once: more make the server slow. */
const placesPerRequest = 16

const mostGpus = 16

const ask = (io: ImportIo, query: string): Promise<unknown> =>
  io.json({ path: '/graphql', json: { query } })

const refuseErrors = (errors: readonly unknown[] | null | undefined, what: string): void => {
  if (errors && errors.length > 0) {
    throw new UpstreamRefusedError(`runpod ${what}: the answer holds ${errors.length} errors`)
  }
}

const fetchOverview = async (io: ImportIo) => {
  const value = await ask(io, overviewQuery)
  if (typeof value === 'object' && value !== null && 'errors' in value) {
    refuseErrors(Array.isArray(value.errors) ? value.errors : null, 'overview')
  }
  return readWire(overviewAnswer, value, 'runpod overview').data
}

const groupsOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )

const fetchCount = async (io: ImportIo, gpuCount: number, places: readonly Place[]) => {
  const prices: PriceAt[] = []
  const malformed: Reject[] = []
  let rows = 0
  const groups = groupsOf(places, placesPerRequest)
  for (const group of groups) {
    const value = await ask(io, pricesQuery(gpuCount, group))
    const shape = pricesAnswer(group.map(({ alias }) => alias))
    const { errors, data } = readWire(shape, value, `runpod prices of ${gpuCount}`)
    refuseErrors(errors, `prices of ${gpuCount}`)
    rows += data.gpuTypes.count
    malformed.push(...data.gpuTypes.malformed)
    for (const row of data.gpuTypes.rows) {
      for (const place of group) {
        const price = lowestPriceOf(row, place.alias)
        if (price) prices.push({ place, gpuTypeId: row.id, price })
      }
    }
  }
  return { prices, malformed, rows, requests: groups.length }
}

const fetchCpus = async (io: ImportIo, places: readonly Place[]) => {
  const found: CpuPriceAt[] = []
  const malformed: Reject[] = []
  let rows = 0
  const groups = groupsOf(places, placesPerRequest)
  for (const group of groups) {
    const value = await ask(io, cpuPricesQuery(group))
    const shape = cpuPricesAnswer(group.map(({ alias }) => alias))
    const { errors, data } = readWire(shape, value, 'runpod CPU flavors')
    refuseErrors(errors, 'CPU flavors')
    rows += data.cpuFlavors.count
    malformed.push(...data.cpuFlavors.malformed)
    for (const row of data.cpuFlavors.rows) {
      for (const place of group) {
        const specifics = specificsOf(row, place.alias)
        if (specifics) found.push({ place, flavorId: row.id, specifics })
      }
    }
  }
  return { found, malformed, rows, requests: groups.length }
}

const mostOf = (type: GpuType): number =>
  Math.min(
    mostGpus,
    Math.max(
      type.maxGpuCount ?? 0,
      type.maxGpuCountSecureCloud ?? 0,
      type.maxGpuCountCommunityCloud ?? 0,
    ),
  )

const cpuList = 'CPU flavors'

const countList = (gpuCount: number): string => `${gpuCount} per machine`

async function* fetchPages(io: ImportIo, sought: Sought | null = null): AsyncGenerator<RunpodPage> {
  const { observation } = io
  const { gpuTypes, dataCenters, countryCodes, cpuFlavors } = await fetchOverview(io)
  const listed = dataCenters.rows.filter((center) => center.listed !== false)
  const places = placesOf(
    listed.map(({ id }) => id),
    countryCodes,
  ).filter(({ region }) => sought === null || isSoughtRegion(region, sought))
  const most = Math.max(0, ...gpuTypes.rows.map(mostOf))
  const isCounted = (count: number): boolean => sought === null || contains(sought.gpuCount, count)
  const counts = Array.from({ length: most }, (_, index) => index + 1).filter(isCounted)
  const cpuLists = isCounted(0) ? [cpuList] : []
  yield {
    kind: 'overview',
    account: {
      ...wholeList('overview', gpuTypes.count),
      announces: [...counts.map(countList), ...cpuLists],
    },
    malformed: [...gpuTypes.malformed, ...dataCenters.malformed, ...cpuFlavors.malformed],
    observation,
  }
  for (const gpuCount of counts) {
    const { prices, malformed, rows, requests } = await fetchCount(io, gpuCount, places)
    yield {
      kind: 'gpus',
      gpuCount,
      gpuTypes: gpuTypes.rows,
      prices,
      malformed,
      observation,
      // Every answer has all types: one without them would lose its places in silence.
      account: { ...wholeList(countList(gpuCount), rows), total: gpuTypes.count * requests },
    }
  }
  if (cpuLists.length === 0) return
  const secure = places.filter((place) => place.secure)
  const { found, malformed, rows, requests } = await fetchCpus(io, secure)
  yield {
    kind: 'cpus',
    flavors: cpuFlavors.rows,
    specifics: found,
    malformed,
    observation,
    account: { ...wholeList(cpuList, rows), total: cpuFlavors.count * requests },
  }
}

export const runpodImporter: Importer<RunpodPage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
    narrows: true,
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers: (page) => {
    if (page.kind === 'gpus') return offersOfCount(page)
    if (page.kind === 'cpus') return offersOfCpus(page)
    return { offers: [], rejects: page.malformed }
  },
  seal: (summary) =>
    // The overview announces all other lists.
    sealPages(summary, {
      expected: ['overview'],
      emptyResult: summary.sought ? 'valid' : 'suspicious',
    }),
}
