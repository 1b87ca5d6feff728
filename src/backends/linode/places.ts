/** Where a type can be had. */
import type { Stock } from '#domain/offer'
import type { Availability, LinodeType, Region } from './schema.ts'

/** What a region must be able to do for a class of types. */
const capabilities: ReadonlyMap<string, string> = new Map([
  ['nanode', 'Linodes'],
  ['standard', 'Linodes'],
  ['dedicated', 'Linodes'],
  ['highmem', 'Linodes'],
  ['premium', 'Premium Plans'],
  ['gpu', 'GPU Linodes'],
])

/** Null for a class that is not known. */
export const capabilityOf = ({ class: kind }: LinodeType): string | null =>
  capabilities.get(kind) ?? null

/** Sold in distributed regions alone. */
export const isDistributed = ({ id }: LinodeType): boolean => id.includes('-edge-')

export const regionsWith = (regions: readonly Region[], capability: string): readonly string[] =>
  regions
    .filter(({ site_type: site, capabilities: own }) => {
      return site !== 'distributed' && own.includes(capability)
    })
    .map(({ id }) => id)

/** By how much is not told; a plan not in the list is of unknown stock. */
export const stockAt = (
  rows: readonly Availability[],
): ((region: string, plan: string) => Stock) => {
  const known = new Map<string, boolean>()
  for (const { region, plan, available } of rows) {
    const place = `${region} ${plan}`
    // Of two rows the careful one counts, whatever their order.
    known.set(place, available && known.get(place) !== false)
  }
  return (region, plan) => {
    const available = known.get(`${region} ${plan}`)
    if (available === undefined) return 'unknown'
    return available ? 'low' : 'none'
  }
}
