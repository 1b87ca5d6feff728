import type { Offer } from '#domain/offer'
import type { BackendOffers } from '#catalog/replace'
import type { Catalog } from '#offers/catalog'
import { overlayApplier } from './apply.ts'
import { baseOffers, listedBackends } from './base-offers.ts'
import type { Overlay } from './overlay.ts'
import { activeOffers, toOffers } from './own-offers.ts'

interface Overlaid {
  readonly offers: Offer[]
  changed: number
  excluded: number
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const noteOf = ({ changed, excluded }: Overlaid, own: number): readonly string[] => {
  const parts = [
    ...(changed > 0 ? [`${counted(changed, 'price')} of one's own`] : []),
    ...(excluded > 0 ? [`${counted(excluded, 'offer')} excluded`] : []),
    ...(own > 0 ? [`${counted(own, 'offer')} of one's own`] : []),
  ]
  return parts.length === 0 ? [] : [`Overlay: ${parts.join(', ')}.`]
}

/**
 * Every backend as it is under an overlay on a day, one after another, so that no more than one is
 * held. A backend of which nothing is left is not among them.
 */
export function* overlaidBackends(
  base: Catalog,
  overlay: Overlay,
  today: string,
): Generator<BackendOffers> {
  const apply = overlayApplier(overlay, today)
  const own = [...activeOffers(overlay, today)]
  const ownBackends = own.map(([, { backend }]) => backend)
  const listed = listedBackends(base)
  // Ids of backends that no list ranks follow the order in which they come.
  for (const backend of new Set([...listed.keys(), ...ownBackends])) {
    const { offers, machines } = baseOffers(base, backend)
    const mine = new Map(own.filter(([, one]) => one.backend === backend))
    const overlaid: Overlaid = { offers: [], changed: 0, excluded: 0 }
    for (const offer of offers) {
      if (!mine.has(offer.id)) put(overlaid, apply(offer))
    }
    const added = toOffers(mine.values(), machines, { overlay, today })
    if (offers.length > 0 && overlaid.offers.length + added.length === 0) continue
    const notes = listed.get(backend) ?? []
    yield {
      backend,
      offers: [...overlaid.offers, ...added],
      notes: [...notes, ...noteOf(overlaid, added.length)],
    }
  }
}

const put = (overlaid: Overlaid, applied: ReturnType<ReturnType<typeof overlayApplier>>): void => {
  if ('excluded' in applied) {
    overlaid.excluded++
    return
  }
  overlaid.offers.push(applied.offer)
  if (applied.steps.length > 0) overlaid.changed++
}
