/** Own prices over a catalog: discounts, committed prices, exclusions and own instance types. */
export { applyOverlay, type Applied } from '#overlay/apply'
export { overlayDigest } from '#overlay/digest'
export { printPercent } from '#overlay/discount'
export {
  examineOverlay,
  type OverlayConflict,
  type OverlayFindings,
  type OwnOfferFinding,
  type RuleFinding,
} from '#overlay/examine'
export { loadOverlay, loadOverlayFile, type OverlayPlaces } from '#overlay/load'
export type { UnknownName } from '#overlay/unknown-names'
export {
  overlaidCatalog,
  type OverlaidCatalog,
  type OverlayOptions,
  type OverlaySteps,
} from '#overlay/overlaid-catalog'
export type {
  Overlay,
  OverlayAction,
  OverlayRule,
  OverlayStep,
  PrivateOffer,
  Selector,
} from '#overlay/overlay'
