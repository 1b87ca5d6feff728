/** Types, the regions that can have their class, and the stock of both together. */
import type { InstanceType } from '#domain/offer'
import { mibOfMib, nanoOfUsd } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { type CountedPage, numberedPages } from '#backends/kit/numbered-pages'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { type LooseRows, readWire } from '#backends/kit/wire'
import { acceleratorsOf } from './accelerators.ts'
import { capabilityOf, isDistributed, regionsWith, stockAt } from './places.ts'
import {
  type Availability,
  availabilityAnswer,
  type LinodeType,
  type Region,
  regionsAnswer,
  typesAnswer,
} from './schema.ts'

export interface LinodePage extends ImportPage {
  readonly types: readonly LinodeType[]
  readonly regions: readonly Region[]
  readonly availabilities: readonly Availability[]
}

interface Listing<Row> {
  readonly data: LooseRows<Row>
  readonly results: number
}

const lists = ['types', 'regions', 'availability']
const rowsPerPage = '500'

const fetchList = async <Row>(
  io: ImportIo,
  list: string,
  path: string,
  read: (value: unknown, what: string) => Listing<Row>,
): Promise<readonly CountedPage<Row>[]> => {
  const pages: CountedPage<Row>[] = []
  const asked = numberedPages(list, async (page) => {
    const value = await io.json({ path, query: { page_size: rowsPerPage, page: String(page) } })
    const { data, results } = read(value, `linode ${list}`)
    return { rows: data, total: results }
  })
  for await (const page of asked) pages.push(page)
  return pages
}

const rowsOf = <Row>(pages: readonly CountedPage<Row>[]): readonly Row[] =>
  pages.flatMap(({ rows }) => rows)

async function* fetchPages(io: ImportIo): AsyncGenerator<LinodePage> {
  const { observation } = io
  const types = await fetchList(io, 'types', '/v4/linode/types', (value, what) =>
    readWire(typesAnswer, value, what),
  )
  const regions = await fetchList(io, 'regions', '/v4/regions', (value, what) =>
    readWire(regionsAnswer, value, what),
  )
  const stock = await fetchList(io, 'availability', '/v4/regions/availability', (value, what) =>
    readWire(availabilityAnswer, value, what),
  )
  const common = { regions: rowsOf(regions), availabilities: rowsOf(stock), observation }
  for (const { rows, malformed, account } of types)
    yield { ...common, types: rows, malformed, account }
  for (const { malformed, account } of [...regions, ...stock]) {
    yield { ...common, types: [], malformed, account }
  }
}

const machineOf = (type: LinodeType): InstanceType | string => {
  const accelerators = acceleratorsOf(type)
  if (typeof accelerators === 'string') return accelerators
  const memoryMib = mibOfMib(type.memory)
  if (memoryMib === null || !(type.vcpus > 0)) return 'no vCPU or no memory'
  const diskMib = mibOfMib(type.disk ?? 0)
  return {
    name: type.id,
    cpus: type.vcpus,
    memoryMib,
    ...accelerators,
    diskMib,
    architecture: null,
  }
}

/** Some regions have prices of their own; where such a price is null, it is not known. */
const usdAt = ({ price, region_prices: own }: LinodeType, region: string): number | null => {
  const found = own?.find(({ id }) => id === region)
  return found === undefined ? price.hourly : found.hourly
}

const toOffers = (page: LinodePage): PageOffers => {
  const gathering = newGathering('linode', page.observation, page.malformed)
  const stock = stockAt(page.availabilities)
  for (const type of page.types) {
    const instanceType = machineOf(type)
    const capability = capabilityOf(type)
    if (typeof instanceType === 'string') gathering.reject(instanceType, type.id)
    else if (isDistributed(type)) gathering.reject('for distributed regions alone', type.id)
    else if (capability === null) gathering.reject('class not known', type.id)
    else {
      const regions = regionsWith(page.regions, capability)
      if (regions.length === 0) gathering.reject('in no region', type.id)
      for (const region of regions) {
        const priceNanoUsd = nanoOfUsd(usdAt(type, region))
        const at = { region, instanceType, spot: false, stock: stock(region, type.id) }
        gathering.offer({ ...at, priceNanoUsd })
      }
    }
  }
  return gathering.end()
}

export const linodeImporter: Importer<LinodePage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 500, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers,
  seal: (summary) =>
    sealPages(summary, { expected: lists, emptyResult: 'suspicious', fullLists: true }),
}
