/** Drafts to offers: one machine of a name, one price of an offer, nothing that cannot be. */
import { keepDearer } from '#backends/kit/gather'
import { type Observation, type Offer, offerId } from '#domain/offer'
import { nanoPerUsd } from '#domain/price'
import { listBounds } from '#refresh/bounds'
import { withOneMachinePerName } from './machine-names.ts'
import type { Draft, ReadContext, Reading, Tally } from './reading.ts'

/** A file in another encoding, or one made to steer a terminal: no machine and no region is called so. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/u

/**
 * The bounds of a refresh, price by price: its own sanity check refuses the whole for one of these,
 * but hand-kept tables always hold a few.
 */
const impossibility = ({ region, instanceType, priceNanoUsd }: Draft): string | null => {
  const { name, cpus, memoryMib, gpuCount, gpu } = instanceType
  if (unprintable.test(`${name}${region ?? ''}${gpu?.name ?? ''}`)) {
    return 'name with characters that are no text'
  }
  if (!(cpus > 0 && memoryMib > 0)) return 'no vCPUs or no memory'
  const [leastMib, mostMib] = listBounds.mibPerCpu
  if (memoryMib / cpus < leastMib || memoryMib / cpus > mostMib) {
    return 'memory that no machine of so many vCPUs has'
  }
  const [least, most] = listBounds.usdPerGpuHour
  const perGpu = priceNanoUsd / Math.max(1, gpuCount) / nanoPerUsd
  const floor = gpu?.name.includes('-1/') ? least / 10 : least
  return gpuCount > 0 && (perGpu < floor || perGpu > most) ? 'price that no accelerator has' : null
}

/**
 * Whether the drafts are every machine in every region at one price: then the source lists regions
 * without knowing where a machine is sold.
 */
const isFullProduct = (drafts: readonly Draft[]): boolean => {
  const regions = new Set(drafts.map(({ region }) => region))
  const prices = new Map<string, number>()
  const places = new Set<string>()
  for (const { region, instanceType, spot, priceNanoUsd } of drafts) {
    const variant = `${instanceType.name} ${spot}`
    if ((prices.get(variant) ?? priceNanoUsd) !== priceNanoUsd) return false
    prices.set(variant, priceNanoUsd)
    places.add(`${region} ${variant}`)
  }
  return regions.size > 1 && places.size === regions.size * prices.size
}

interface DraftOffers {
  readonly offers: readonly Offer[]
  /** Drafts that were an offer again, of another zone mostly: the dearer price stays. */
  readonly merged: number
}

const offersOfDrafts = (
  backend: string,
  drafts: readonly Draft[],
  observation: Observation,
  tally: Tally,
): DraftOffers => {
  const possible = drafts.filter((draft) => {
    const reason = impossibility(draft)
    if (reason !== null) tally.spoilt(reason)
    return reason === null
  })
  const offers = new Map<string, Offer>()
  let merged = 0
  for (const draft of withOneMachinePerName(possible)) {
    const id = offerId(backend, draft.region, draft.instanceType.name, draft.spot)
    if (!keepDearer(offers, { id, backend, stock: 'unknown', observation, ...draft })) merged += 1
  }
  return { offers: [...offers.values()], merged }
}

const mergedRemark = (merged: number): readonly string[] =>
  merged === 0
    ? []
    : [
        `${merged} price${merged === 1 ? '' : 's'} of further zones or machines merged, the dearer kept`,
      ]

const unplacedNote =
  'regions are not known: the source lists every machine in every region, sold there or not'

const unplacedRemark = 'regions are not known: every machine is listed in every region'

/** What the drafts of a document of so many rows come to. */
export const readingOf = (
  drafts: readonly Draft[],
  rows: number,
  notes: readonly string[],
  { backend, observation }: ReadContext,
  tally: Tally,
): Reading => {
  const unplaced = backend === 'lambdalabs' && isFullProduct(drafts)
  const placed = unplaced ? drafts.map((draft) => ({ ...draft, region: null })) : drafts
  const { offers, merged } = offersOfDrafts(backend, placed, observation, tally)
  return {
    offers,
    rows,
    malformed: tally.malformed(),
    rejects: tally.counts,
    remarks: unplaced ? [unplacedRemark] : mergedRemark(merged),
    notes: unplaced ? [...notes, unplacedNote] : notes,
  }
}
