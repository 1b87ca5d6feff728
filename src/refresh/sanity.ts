/** Whether new data of a backend can be believed. Pure. */
import type { Offer } from '#domain/offer'
import { nanoPerUsd, printUsd } from '#domain/price'
import type { Bounds } from './bounds.ts'
import { firstShift } from './first-sight.ts'
import { enoughToCompare, median } from './median.ts'

export interface Candidate {
  readonly before: readonly Offer[]
  readonly after: readonly Offer[]
  /** What comes with the program of this backend; asked for only where nothing is held. */
  readonly embedded: readonly Offer[]
  /** Rows that came in all, and those whose shape was not known. */
  readonly rows: number
  readonly malformed: number
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** Why an offer cannot be what it says; null where it can. */
const implausibility = (offer: Offer, bounds: Bounds): string | null => {
  const { cpus, memoryMib, gpuCount } = offer.instanceType
  const perCpu = memoryMib / cpus
  if (perCpu < bounds.mibPerCpu[0] || perCpu > bounds.mibPerCpu[1]) {
    return `offer "${offer.id}" has ${Math.round(perCpu)} MiB of memory per vCPU`
  }
  if (gpuCount === 0 || offer.priceNanoUsd === null) return null
  const perGpu = offer.priceNanoUsd / gpuCount
  const [least, most] = bounds.usdPerGpuHour
  // A slice costs a part of the card, and may cost less than any whole one.
  const floor = offer.instanceType.gpu?.name.includes('-1/') ? least / 10 : least
  return perGpu < floor * nanoPerUsd || perGpu > most * nanoPerUsd
    ? `offer "${offer.id}" costs ${printUsd(Math.round(perGpu))} USD per GPU-hour`
    : null
}

const implausibleOffers = ({ after }: Candidate, bounds: Bounds): readonly string[] => {
  const found = after.flatMap((offer) => implausibility(offer, bounds) ?? [])
  return someOf(found, after.length * bounds.implausible)
}

/** Those that are too many, three of them by name. */
const someOf = (found: readonly string[], tolerated: number): readonly string[] => {
  if (found.length <= tolerated) return []
  const more = found.length > 3 ? [`and ${found.length - 3} more like these`] : []
  return [...found.slice(0, 3), ...more]
}

const unreadableRows = ({ rows, malformed }: Candidate, { unreadable }: Bounds) =>
  rows >= enoughToCompare && malformed > rows * unreadable
    ? [`${malformed} of ${rows} rows have no known shape`]
    : []

const isBeyond = (shift: number, factor: number): boolean => shift > factor || shift < 1 / factor

/** The first prices of a backend have only those that come with the program to be held against. */
const againstEmbedded = ({ embedded, after }: Candidate, bounds: Bounds): readonly string[] => {
  const shift = firstShift(embedded, after)
  const isShifted = shift !== null && isBeyond(shift, bounds.firstShifted)
  const isFew =
    embedded.length >= enoughToCompare && after.length < embedded.length * (1 - bounds.firstLost)
  return [
    ...(isFew ? [`${after.length} offers, where ${embedded.length} come with the program`] : []),
    ...(isShifted
      ? [`prices are ${shift.toFixed(2)} times those that come with the program, by the median`]
      : []),
  ]
}

/** What costs nothing, and cost nothing before, has not moved. */
const ratioOf = (price: number, old: number): number => (price === old ? 1 : price / old)

const againstBefore = ({ before, after }: Candidate, bounds: Bounds): readonly string[] => {
  const fresh = new Map(after.map((offer) => [offer.id, offer]))
  const lost = before.filter(({ id }) => !fresh.has(id)).length / before.length
  return [
    ...(before.length >= enoughToCompare && lost > bounds.lost
      ? [`${percent(lost)} of the offers held are gone`]
      : []),
    ...movedPrices(before, fresh, bounds),
  ]
}

const movedPrices = (
  before: readonly Offer[],
  fresh: ReadonlyMap<string, Offer>,
  bounds: Bounds,
): readonly string[] => {
  const ratios = before.flatMap(({ id, priceNanoUsd: old }) => {
    const price = fresh.get(id)?.priceNanoUsd ?? null
    return old === null || price === null ? [] : [ratioOf(price, old)]
  })
  const moved = ratios.filter((ratio) => ratio !== 1).length / Math.max(1, ratios.length)
  const shift = median(ratios)
  const areMany = ratios.length >= enoughToCompare
  // Of few prices each may change much, but not by what a mistaken unit makes of it.
  const isShifted = isBeyond(shift, areMany ? bounds.shifted : bounds.firstShifted)
  return [
    ...(areMany && moved > bounds.moved ? [`${percent(moved)} of the prices held have moved`] : []),
    ...(isShifted ? [`prices are ${shift.toFixed(2)} times those held, by the median`] : []),
  ]
}

/** One wrong price among thousands moves no median, and stands first where it is too low. */
const jumpedPrices = (
  known: readonly Offer[],
  { after }: Candidate,
  { jumped, implausible }: Bounds,
): readonly string[] => {
  const prices = new Map(known.map(({ id, priceNanoUsd }) => [id, priceNanoUsd]))
  const found = after.flatMap(({ id, priceNanoUsd: price }) => {
    const old = prices.get(id) ?? null
    if (old === null || price === null || !isBeyond(ratioOf(price, old), jumped)) return []
    return [`offer "${id}" costs ${printUsd(price)}, and cost ${printUsd(old)} before`]
  })
  return someOf(found, after.length * implausible)
}

/** Sentences that say why not; empty where it can. */
export const doubts = (candidate: Candidate, bounds: Bounds): readonly string[] => {
  const { before, embedded } = candidate
  const isFirst = before.length === 0
  const asWhole = [
    ...unreadableRows(candidate, bounds),
    ...implausibleOffers(candidate, bounds),
    ...(isFirst ? againstEmbedded(candidate, bounds) : againstBefore(candidate, bounds)),
  ]
  return asWhole.length > 0 ? asWhole : jumpedPrices(isFirst ? embedded : before, candidate, bounds)
}
