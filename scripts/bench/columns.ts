/**
 * The offers of a catalog in columns, for the scan that checks every answer. It is filled from the
 * offers themselves, before they are imported, and shares nothing with the search.
 */
import { backendNames } from '#domain/backend'
import type { InstanceType, Observation, Offer, Stock } from '#domain/offer'
import { offerId } from '#domain/offer'
import { type Numbering, numbering } from './numbering.ts'

export interface OfferColumns {
  readonly size: number
  /** Machines in the order of (backend, name); an offer's `machine` points here. */
  readonly machines: readonly Machine[]
  readonly regions: readonly (string | null)[]
  readonly machine: Int32Array
  readonly region: Int16Array
  readonly spot: Uint8Array
  readonly outOfStock: Uint8Array
  /** Infinity where it is unknown. */
  readonly price: Float64Array
  offer(row: number): Offer
}

interface Machine {
  readonly backend: string
  readonly type: InstanceType
}

/** Offers of one backend, in numbers. */
interface Block {
  readonly backend: string
  readonly types: readonly InstanceType[]
  readonly machine: Int32Array
  readonly region: Int16Array
  readonly spot: Uint8Array
  readonly stock: Uint8Array
  readonly price: Float64Array
  readonly observation: Int16Array
}

interface Names {
  readonly regions: Numbering<string | null>
  readonly observations: Numbering<Observation>
}

export interface ColumnsReader {
  /** Takes backend after backend as they pass by. */
  read(backend: { readonly backend: string; readonly offers: readonly Offer[] }): void
  columns(): OfferColumns
}

export const columnsReader = (): ColumnsReader => {
  const blocks: Block[] = []
  const names: Names = { regions: numbering(), observations: numbering() }
  return {
    read: ({ backend, offers }) => {
      blocks.push(blockOf(backend, offers, names))
    },
    columns: () => joined(blocks, names),
  }
}

const stocks: readonly Stock[] = ['unknown', 'none', 'low', 'medium', 'high']

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const rankOf = (backend: string): number => (backendNames as readonly string[]).indexOf(backend)

const blockOf = (backend: string, offers: readonly Offer[], names: Names): Block => {
  const byName = new Map(offers.map(({ instanceType }) => [instanceType.name, instanceType]))
  const types = [...byName.values()].sort((left, right) => byText(left.name, right.name))
  const index = new Map(types.map(({ name }, position) => [name, position]))
  return {
    backend,
    types,
    machine: Int32Array.from(offers, ({ instanceType }) => index.get(instanceType.name) ?? -1),
    region: Int16Array.from(offers, ({ region }) => names.regions.of(region)),
    spot: Uint8Array.from(offers, ({ spot }) => Number(spot)),
    stock: Uint8Array.from(offers, ({ stock }) => stocks.indexOf(stock)),
    price: Float64Array.from(offers, ({ priceNanoUsd }) => priceNanoUsd ?? Infinity),
    observation: Int16Array.from(offers, ({ observation }) => names.observations.of(observation)),
  }
}

const joined = (unordered: readonly Block[], names: Names): OfferColumns => {
  const blocks = unordered.toSorted((a, b) => rankOf(a.backend) - rankOf(b.backend))
  const size = blocks.reduce((sum, { price }) => sum + price.length, 0)
  const machines: Machine[] = []
  const columns = {
    machine: new Int32Array(size),
    region: new Int16Array(size),
    spot: new Uint8Array(size),
    stock: new Uint8Array(size),
    price: new Float64Array(size),
    observation: new Int16Array(size),
  }
  let at = 0
  for (const block of blocks) {
    columns.machine.set(numberedFrom(block.machine, machines.length), at)
    columns.region.set(block.region, at)
    columns.spot.set(block.spot, at)
    columns.stock.set(block.stock, at)
    columns.price.set(block.price, at)
    columns.observation.set(block.observation, at)
    for (const type of block.types) machines.push({ backend: block.backend, type })
    at += block.price.length
  }
  const regions = names.regions.all()
  return {
    ...columns,
    size,
    machines,
    regions,
    outOfStock: columns.stock.map((stock) => Number(stocks[stock] === 'none')),
    offer: offerReader(columns, machines, regions, names.observations.all()),
  }
}

const numberedFrom = (numbers: Int32Array, first: number): Int32Array =>
  numbers.map((number) => number + first)

const offerReader =
  (
    columns: Pick<OfferColumns, 'machine' | 'region' | 'spot' | 'price'> & {
      readonly stock: Uint8Array
      readonly observation: Int16Array
    },
    machines: readonly Machine[],
    regions: readonly (string | null)[],
    observations: readonly Observation[],
  ): ((row: number) => Offer) =>
  (row) => {
    const machine = machines[columns.machine[row] ?? -1]
    const observation = observations[columns.observation[row] ?? -1]
    if (!machine || !observation) throw new RangeError(`no row ${row}`)
    const { backend, type } = machine
    const region = regions[columns.region[row] ?? -1] ?? null
    const spot = columns.spot[row] === 1
    const price = columns.price[row] ?? Infinity
    return {
      id: offerId(backend, region, type.name, spot),
      backend,
      region,
      instanceType: type,
      spot,
      priceNanoUsd: price === Infinity ? null : price,
      stock: stocks[columns.stock[row] ?? 0] ?? 'unknown',
      observation,
    }
  }
