import type { OverlaidCatalog } from '#api/overlay'
import type { Offer } from '#domain/offer'
import type { Json } from '#domain/json'
import { toOverlayDocument, toStepsDocument } from './overlay-document.ts'

/** The key `overlay` of every answer: null where prices are the catalog's own. */
export const toOverlayKey = (
  overlaid: Pick<OverlaidCatalog, 'overlay' | 'overlayDigest'> | null | undefined,
): Json => (overlaid ? toOverlayDocument(overlaid) : null)

/** The keys that mark an offer, after those of every offer; none where prices are the catalog's. */
export type Mark = (offer: Offer) => { readonly [key: string]: Json }

export const toMark = (overlaid: OverlaidCatalog | null): Mark =>
  overlaid === null
    ? () => ({})
    : (offer) => ({ overlay: toStepsDocument(overlaid.stepsOf([offer]).get(offer.id) ?? []) })
