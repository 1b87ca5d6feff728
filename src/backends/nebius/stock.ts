/** What capacity advice says of stock: of an account, since its quota bounds what it may start. */
import type { Stock } from '#domain/offer'
import type { Advice, Availability } from './schema.ts'

export interface PresetStock {
  readonly onDemand: Stock
  readonly preemptible: Stock
}

/** A machine in a region: advice is of one fabric in it. */
interface Place {
  readonly region: string
  readonly platform: string
  readonly preset: string
}

export type StockTable = (place: Place) => PresetStock

const fresh = 1

export const noAdvice: PresetStock = { onDemand: 'unknown', preemptible: 'unknown' }

/** How many there are is told only up to the quota, so that a few may be many; without one, nothing is. */
const stockOf = (availability: Availability | null): Stock => {
  if (availability === null || availability.data_state !== fresh) return 'unknown'
  if (availability.available > 0) return 'low'
  return availability.limit > 0 ? 'none' : 'unknown'
}

/** One fabric with machines is enough; that there are none must be known of all of them. */
const together = (fabrics: readonly Stock[]): Stock => {
  if (fabrics.includes('low')) return 'low'
  return fabrics.every((stock) => stock === 'none') ? 'none' : 'unknown'
}

const keyOf = ({ region, platform, preset }: Place): string =>
  JSON.stringify([region, platform, preset])

const placeOf = ({ spec: { region, compute_instance: machine } }: Advice): Place => ({
  region,
  platform: machine.platform,
  preset: machine.preset.name,
})

export const stockTable = (rows: readonly Advice[]): StockTable => {
  const places = new Map<string, Advice[]>()
  for (const row of rows) {
    const key = keyOf(placeOf(row))
    places.set(key, [...(places.get(key) ?? []), row])
  }
  return (place) => {
    const fabrics = places.get(keyOf(place))
    if (fabrics === undefined) return noAdvice
    return {
      onDemand: together(fabrics.map(({ status }) => stockOf(status.on_demand))),
      preemptible: together(fabrics.map(({ status }) => stockOf(status.preemptible))),
    }
  }
}
