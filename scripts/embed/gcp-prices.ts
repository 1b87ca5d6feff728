import { ImportRejectedError } from '#domain/errors'
import { parse } from 'yaml'

/** What the price list says of one instance type. Prices stay the decimals that are written there. */
export interface PricedType {
  readonly name: string
  readonly cpus: number | null
  readonly memoryGib: number | null
  /** Accelerators on the machine, of whatever model; a fraction for a part of a card. */
  readonly accelerators: number
  readonly prices: readonly RegionPrice[]
}

/** USD per hour in one region; null where the list has no such figure. */
export interface RegionPrice {
  readonly region: string
  readonly onDemandUsd: string | null
  readonly spotUsd: string | null
}

type Mapping = ReadonlyMap<unknown, unknown>

const emptyMapping: Mapping = new Map()

const mappingAt = (mapping: Mapping, key: string): Mapping => {
  const value = mapping.get(key)
  return value instanceof Map ? value : emptyMapping
}

const entriesOf = (mapping: Mapping): [string, unknown][] =>
  [...mapping].map(([key, value]) => [String(key), value])

const textAt = (mapping: Mapping, key: string): string | null => {
  const value = mapping.get(key)
  return typeof value === 'string' ? value : null
}

const positiveAt = (mapping: Mapping, key: string): number | null => {
  const value = Number(textAt(mapping, key) ?? Number.NaN)
  return value > 0 && Number.isFinite(value) ? value : null
}

// Every other key of a type names a model of accelerator.
const otherKeys = new Set(['cpu', 'ram', 'cost', 'local-ssd', 'type'])

const acceleratorsOf = (type: Mapping): number =>
  entriesOf(type)
    .filter(([key]) => !otherKeys.has(key))
    .reduce((sum, [key]) => sum + (positiveAt(type, key) ?? 0), 0)

const priceOf = (region: string, cost: unknown): RegionPrice => {
  const figures = cost instanceof Map ? cost : emptyMapping
  return {
    region,
    onDemandUsd: textAt(figures, 'hour'),
    spotUsd: textAt(figures, 'hour_spot'),
  }
}

const typeOf = (name: string, type: Mapping): PricedType => ({
  name,
  cpus: positiveAt(type, 'cpu'),
  memoryGib: positiveAt(type, 'ram'),
  accelerators: acceleratorsOf(type),
  prices: entriesOf(mappingAt(type, 'cost')).map(([region, cost]) => priceOf(region, cost)),
})

/** The instance types of the price list; what follows them there (licences, storage) is not read. */
export const readPrices = (text: string): readonly PricedType[] => {
  // Scalars stay text, so that no price goes through a binary fraction.
  const document: unknown = parse(text, { schema: 'failsafe', mapAsMap: true })
  const root = document instanceof Map ? document : emptyMapping
  const types = mappingAt(mappingAt(root, 'compute'), 'instance')
  if (types.size === 0) {
    throw new ImportRejectedError('The price list of GCP has no "compute.instance".', {
      hint: 'Pass the pricing.yml of google-cloud-pricing-cost-calculator.',
    })
  }
  return entriesOf(types).map(([name]) => typeOf(name, mappingAt(types, name)))
}
