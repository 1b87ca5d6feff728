import { digestLines } from '#platform/digest'
import { machineText } from '#catalog/digest'
import type { Overlay, OverlayAction, OverlayRule, PrivateOffer, Selector } from './overlay.ts'

const folded = (names: readonly string[] | null): readonly string[] | null =>
  names && [...new Set(names.map((name) => name.toLowerCase()))].sort()

/** Alike for selectors that differ only in case, order and repetition. */
const selectorValues = ({ backends, regions, instanceTypes, gpus, spot }: Selector) => [
  folded(backends),
  folded(regions),
  folded(instanceTypes),
  folded(gpus),
  spot,
]

const actionValues = (action: OverlayAction) => {
  switch (action.kind) {
    case 'discount':
      return [action.kind, action.microPercent]
    case 'price':
      return [action.kind, action.priceNanoUsd]
    case 'exclude':
      return [action.kind]
  }
}

export const ruleLine = ({ file, name, selector, action, expires, weight }: OverlayRule): string =>
  JSON.stringify([
    'rule',
    file,
    name,
    selectorValues(selector),
    actionValues(action),
    expires,
    weight,
  ])

export const privateOfferLine = (offer: PrivateOffer): string =>
  JSON.stringify([
    'offer',
    offer.file,
    offer.backend,
    offer.region,
    machineText(offer.instanceType),
    offer.spot,
    offer.priceNanoUsd,
    offer.asOf,
    offer.expires,
  ])

/**
 * sha256, in hex, of what an overlay says, in its order: comments, spelling and layout of the file do
 * not count, the name of the file does.
 */
export const overlayDigest = ({ rules, offers }: Overlay): string =>
  digestLines([...rules.map(ruleLine), ...offers.map(privateOfferLine)])
