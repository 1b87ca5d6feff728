import type { Grouping } from './grouping.ts'
import { addLot, type Lot, startTally, type Tally, type Variant } from './tally.ts'

/** The groups of one catalog file as they fill. */
export interface TallyBook {
  /** Lots of a grouping by region must be of one region each. */
  readonly add: (lot: Lot) => void
  readonly tallies: () => readonly Tally[]
}

const keyOf = ({ gpuId, gpuCount, backendId }: Variant, { backend, count }: Grouping): string =>
  `${gpuId}/${count ? gpuCount : ''}/${backend ? backendId : ''}`

const anyRegion = -1

/** Kept by variant, then by region: lots of a variant come together, and share the first step. */
export const tallyBook = (grouping: Grouping): TallyBook => {
  const pages = new Map<string, Map<number, Tally>>()
  let lastVariant: Variant | null = null
  let lastPage = new Map<number, Tally>()

  const pageOf = (variant: Variant): Map<number, Tally> => {
    if (variant === lastVariant) return lastPage
    const key = keyOf(variant, grouping)
    lastPage = pages.get(key) ?? new Map<number, Tally>()
    lastVariant = variant
    pages.set(key, lastPage)
    return lastPage
  }
  const add = (lot: Lot): void => {
    const page = pageOf(lot.variant)
    const region = grouping.region ? (lot.regionIds?.[0] ?? anyRegion) : anyRegion
    const tally = page.get(region) ?? startTally(lot)
    page.set(region, tally)
    addLot(tally, lot)
  }
  return { add, tallies: () => [...pages.values()].flatMap((page) => [...page.values()]) }
}
