/** Server types with a price per location. The account's currency is asked for first. */
import type { CpuArchitecture, InstanceType, Stock } from '#domain/offer'
import { noAccelerators } from '#backends/kit/accelerators'
import { conversionOf, offerAt } from '#backends/kit/currency'
import { mibOfGib } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { numberedPages } from '#backends/kit/numbered-pages'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { readWire } from '#backends/kit/wire'
import { parseInstant } from '#platform/clock'
import { type Location, pricingAnswer, type ServerType, serverTypesAnswer } from './schema.ts'

export interface HetznerPage extends ImportPage {
  readonly types: readonly ServerType[]
  readonly currency: string
}

const list = 'server types'
const rowsPerPage = '50'

async function* fetchPages(io: ImportIo): AsyncGenerator<HetznerPage> {
  const secretHeaders = { authorization: `Bearer ${io.credentials['token'] ?? ''}` }
  const told = await io.json({ path: '/v1/pricing', secretHeaders })
  const { currency } = readWire(pricingAnswer, told, 'hetzner pricing').pricing
  const pages = numberedPages(list, async (page) => {
    const value = await io.json({
      path: '/v1/server_types',
      query: { per_page: rowsPerPage, page: String(page) },
      secretHeaders,
    })
    const { server_types: rows, meta } = readWire(serverTypesAnswer, value, 'hetzner server types')
    return { rows, total: meta.pagination.total_entries }
  })
  for await (const { rows, malformed, account } of pages) {
    yield { types: rows, currency, malformed, account, observation: io.observation }
  }
}

const architectures: ReadonlyMap<string, CpuArchitecture> = new Map([
  ['x86', 'x86_64'],
  ['arm', 'arm64'],
])

const machineOf = (type: ServerType): InstanceType | string => {
  const memoryMib = mibOfGib(type.memory)
  if (memoryMib === null || !(type.cores > 0)) return 'no vCPU or no memory'
  const architecture = type.architecture === null ? null : architectures.get(type.architecture)
  if (architecture === undefined) return 'no known architecture'
  return {
    name: type.name,
    cpus: type.cores,
    memoryMib,
    ...noAccelerators,
    diskMib: mibOfGib(type.disk ?? 0),
    architecture,
  }
}

/** Between its announcement and that day a type can still be ordered. */
const isOver = ({ deprecation }: Pick<Location, 'deprecation'>, observedAt: string): boolean => {
  const last = deprecation === null ? null : parseInstant(deprecation.unavailable_after)
  return last !== null && last <= (parseInstant(observedAt) ?? 0)
}

/** In stock by how much is not told. */
const stockOf = (available: boolean | null): Stock => {
  if (available === null) return 'unknown'
  return available ? 'low' : 'none'
}

/** A price can stand for a location where the type is not sold. */
const sellerAt = (type: ServerType, region: string, observedAt: string): Location | null => {
  const unknown = { name: region, available: null, deprecation: null }
  const { locations } = type
  const at = locations === null ? unknown : locations.find(({ name }) => name === region)
  return at === undefined || isOver(at, observedAt) ? null : at
}

const toOffers = (page: HetznerPage, tables: ImportTables): PageOffers => {
  const { observedAt } = page.observation
  const conversion = conversionOf(page.currency, tables, page.observation)
  const gathering = newGathering('hetzner', conversion.observation, page.malformed)
  for (const type of page.types) {
    const machine = machineOf(type)
    if (typeof machine === 'string') gathering.reject(machine, type.name)
    else if (isOver(type, observedAt)) gathering.reject('not for new servers', type.name)
    else {
      for (const { location: region, price_hourly: price } of type.prices) {
        const seller = sellerAt(type, region, observedAt)
        if (seller === null) {
          gathering.reject('not sold in that location', `${type.name} ${region}`)
          continue
        }
        const stock = stockOf(seller.available)
        const parts = { region, instanceType: machine, spot: false, stock }
        offerAt(gathering, price.net, conversion, parts)
      }
    }
  }
  return gathering.end()
}

export const hetznerImporter: Importer<HetznerPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    // 3600 requests an hour and project.
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
    currencies: ['EUR'],
  },
  readiness: (environment) => readinessOf(environment, { token: ['HCLOUD_TOKEN'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
