import type { Offer } from '#domain/offer'
import { discounter } from './discount.ts'
import {
  isActive,
  type Overlay,
  type OverlayAction,
  type OverlayRule,
  type OverlayStep,
} from './overlay.ts'
import { selects } from './select.ts'

/** An offer under an overlay. Without a step it is as it was; without an offer it is excluded. */
export type Applied =
  | { readonly offer: Offer; readonly steps: readonly OverlayStep[] }
  | { readonly excluded: OverlayStep }

/** The price after an action: null where it stays unknown, `excluded` where nothing is left. */
type Effect = (priceNanoUsd: number | null) => number | null | 'excluded'

export interface CompiledRule {
  readonly rule: OverlayRule
  readonly selects: (offer: Offer) => boolean
  readonly effect: Effect
}

const effectOf = (action: OverlayAction): Effect => {
  switch (action.kind) {
    case 'exclude':
      return () => 'excluded'
    case 'price':
      return () => action.priceNanoUsd
    case 'discount': {
      const less = discounter(action.microPercent)
      return (price) => (price === null ? null : less(price))
    }
  }
}

/** The rules that hold on that day, heaviest first, of equals the earlier: the first decides. */
export const activeRules = (overlay: Overlay, today: string): readonly CompiledRule[] =>
  overlay.rules
    .filter((rule) => isActive(rule, today))
    .toSorted((left, right) => right.weight - left.weight)
    .map((rule) => ({ rule, selects: selects(rule.selector), effect: effectOf(rule.action) }))

const applyRule = ({ rule, effect }: CompiledRule, offer: Offer): Applied => {
  const { name, file, action } = rule
  const basePriceNanoUsd = offer.priceNanoUsd
  const after = effect(basePriceNanoUsd)
  const step = { file, rule: name, action, basePriceNanoUsd }
  if (after === 'excluded') return { excluded: { ...step, priceNanoUsd: null } }
  // A discount on a price nobody knows says nothing of the offer.
  if (after === null) return { offer, steps: [] }
  return { offer: { ...offer, priceNanoUsd: after }, steps: [{ ...step, priceNanoUsd: after }] }
}

/** `applyOverlay` for many offers of a catalog. */
export const overlayApplier = (overlay: Overlay, today: string): ((offer: Offer) => Applied) => {
  const rules = activeRules(overlay, today)
  return (offer) => {
    const decisive = rules.find((one) => one.selects(offer))
    return decisive ? applyRule(decisive, offer) : { offer, steps: [] }
  }
}

/** An offer of a catalog under the rules that hold on a day (`2027-03-01`). */
export const applyOverlay = (offer: Offer, overlay: Overlay, today: string): Applied =>
  overlayApplier(overlay, today)(offer)
