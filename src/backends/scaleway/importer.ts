/** The public product catalog, and the stock of each zone that it names. */
import type { CpuArchitecture, InstanceType, Stock } from '#domain/offer'
import { type Accelerators, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { conversionOf, offerAt } from '#backends/kit/currency'
import { mibOfBytes } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { type CountedPage, numberedPages } from '#backends/kit/numbered-pages'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { readWire } from '#backends/kit/wire'
import { hourlyAmountOf } from './figures.ts'
import { type Product, productsAnswer } from './schema.ts'
import { fetchStock, stockAt, stockList, type ZoneStock } from './stock.ts'

export interface ScalewayPage extends ImportPage {
  readonly products: readonly Product[]
  readonly stock: ZoneStock
}

const list = 'products'
const rowsPerPage = '100'

const fetchProducts = (io: ImportIo): AsyncIterable<CountedPage<Product>> =>
  numberedPages(list, async (page) => {
    const value = await io.json({
      path: '/product-catalog/v2alpha1/public-catalog/products',
      query: { product_types: 'instance', page_size: rowsPerPage, page: String(page) },
    })
    const { products, total_count: total } = readWire(productsAnswer, value, 'scaleway products')
    return { rows: products, total }
  })

const zonesOf = (pages: readonly CountedPage<Product>[]): readonly string[] => {
  const sold = pages.flatMap(({ rows }) => rows.filter((row) => problemOf(row) === null))
  return [...new Set(sold.flatMap(({ locality }) => locality.zone ?? []))].sort()
}

async function* fetchPages(io: ImportIo): AsyncGenerator<ScalewayPage> {
  const { observation } = io
  const pages: CountedPage<Product>[] = []
  for await (const page of fetchProducts(io)) pages.push(page)
  const stock = new Map<string, string>()
  const zones = zonesOf(pages)
  for (const zone of zones) {
    for await (const { rows, malformed, account } of fetchStock(io, zone)) {
      for (const { place, availability } of rows) stock.set(place, availability)
      yield { products: [], stock, malformed, account, observation }
    }
  }
  const announces = zones.map(stockList)
  for (const { rows, malformed, account } of pages) {
    yield { products: rows, stock, malformed, account: { ...account, announces }, observation }
  }
}

/** A status that is not known is no promise that the type can be had. */
const deployable = new Set(['general_availability', 'public_beta', 'end_of_new_features'])

/** Why a product is no offer; null where it is one. */
const problemOf = ({ properties, status, locality, product }: Product): string | null => {
  if (properties.instance === null) return 'no instance'
  if (!deployable.has(status ?? '')) return 'not for new deployments'
  if (/-WIN(-|$)/i.test(product ?? properties.instance.offer_id)) return 'Windows'
  return locality.zone === null ? 'in no zone' : null
}

/** `288` of `B300-SXM-8-288G`: the GB of one accelerator. */
const sizeInName = /-(\d+)G$/i

/** Where the name of a type does not say it. */
const ownSizesGb: ReadonlyMap<string, number> = new Map([['P100', 16]])

type Hardware = NonNullable<Product['properties']['hardware']>

const acceleratorsOf = (name: string, { gpu: told }: Hardware): Accelerators | string => {
  if (told === null) return noAccelerators
  if (!(told.count > 0)) return 'number of accelerators not told'
  const sizeGb = Number(sizeInName.exec(name)?.[1] ?? ownSizesGb.get(told.type) ?? 0)
  const gpu = gpuOf(told.type, sizeGb > 0 ? sizeGb * 1024 : undefined)
  return gpu === null ? 'no known model of accelerator' : { gpu, gpuCount: told.count }
}

const architectures: ReadonlyMap<string, CpuArchitecture | null> = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'arm64'],
  ['unknown_arch', null],
])

const machineOf = (name: string, hardware: Hardware | null): InstanceType | string => {
  const cpus = hardware?.cpu?.virtual?.count ?? 0
  const memoryMib = mibOfBytes(hardware?.ram?.size ?? 0)
  if (hardware === null || memoryMib === null || !(cpus > 0)) return 'no vCPU or no memory'
  const architecture = architectures.get(hardware.cpu?.arch ?? 'unknown_arch')
  if (architecture === undefined) return 'no known architecture'
  const accelerators = acceleratorsOf(name, hardware)
  if (typeof accelerators === 'string') return accelerators
  const diskMib = mibOfBytes(hardware.storage?.total ?? 0)
  return { name, cpus, memoryMib, ...accelerators, diskMib, architecture }
}

const toOffers = (page: ScalewayPage, tables: ImportTables): PageOffers => {
  const euro = conversionOf('EUR', tables, page.observation)
  const gathering = newGathering('scaleway', euro.observation, page.malformed)
  for (const row of page.products) {
    const name = row.properties.instance?.offer_id ?? row.sku
    const problem = problemOf(row)
    const machine = machineOf(name, row.properties.hardware)
    const hourly = hourlyAmountOf(row)
    if (problem !== null) gathering.reject(problem, row.sku)
    else if (typeof machine === 'string') gathering.reject(machine, row.sku)
    else if (typeof hourly === 'string') gathering.reject(hourly, row.sku)
    else if (hourly.currency !== 'EUR') gathering.reject('not in euros', row.sku)
    else {
      const region = row.locality.zone
      const stock: Stock = stockAt(page.stock, region, name)
      offerAt(gathering, hourly.amount, euro, { region, instanceType: machine, spot: false, stock })
    }
  }
  return gathering.end()
}

export const scalewayImporter: Importer<ScalewayPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 200, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
    currencies: ['EUR'],
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
