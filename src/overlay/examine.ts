import type { Offer } from '#domain/offer'
import { dayOf } from '#platform/day'
import type { Catalog } from '#offers/catalog'
import { activeRules, type CompiledRule } from './apply.ts'
import { baseOffers } from './base-offers.ts'
import { keysOf } from './machine.ts'
import { isActive, type Overlay, type OverlayRule, type PrivateOffer } from './overlay.ts'
import { activeOffers, toOffers } from './own-offers.ts'
import { knownNames, type UnknownName, unknownNamesOf } from './unknown-names.ts'

export interface RuleFinding {
  readonly rule: OverlayRule
  /**
   * `used`: it decides on some offer. `shadowed`: heavier or earlier rules, or own offers, decide on
   * all that it selects. `unused`: it selects none. `expired`: its last day is over.
   */
  readonly state: 'used' | 'shadowed' | 'unused' | 'expired'
  /** Offers of the catalog it selects, and on how many it decides. */
  readonly selected: number
  readonly decided: number
  /** Names of its selector that the catalog does not have. */
  readonly unknown: readonly UnknownName[]
}

/** Two rules of one weight that disagree on offers; the first of them decided. */
export interface OverlayConflict {
  readonly first: OverlayRule
  readonly second: OverlayRule
  readonly offers: number
  /** One of them. */
  readonly example: string
}

export interface OwnOfferFinding {
  readonly offer: PrivateOffer
  readonly id: string
  /** `replaces`: the catalog has such an offer. `shadowed`: an earlier file has it. */
  readonly state: 'added' | 'replaces' | 'shadowed' | 'expired'
}

export interface OverlayFindings {
  readonly rules: readonly RuleFinding[]
  readonly conflicts: readonly OverlayConflict[]
  readonly offers: readonly OwnOfferFinding[]
}

interface Conflict {
  readonly first: OverlayRule
  readonly second: OverlayRule
  readonly example: string
  offers: number
}

class Tally {
  readonly selected = new Map<OverlayRule, number>()
  readonly decided = new Map<OverlayRule, number>()
  readonly conflicts = new Map<string, Conflict>()

  add(rules: readonly CompiledRule[], offer: Offer, isOwn: boolean): void {
    const selecting = rules.filter((one) => one.selects(offer))
    for (const { rule } of selecting) count(this.selected, rule)
    const [first, ...others] = selecting
    if (!first || isOwn) return
    count(this.decided, first.rule)
    const effect = first.effect(offer.priceNanoUsd)
    for (const second of others) {
      if (second.rule.weight !== first.rule.weight) return
      if (second.effect(offer.priceNanoUsd) !== effect)
        this.#quarrel(first.rule, second.rule, offer)
    }
  }

  #quarrel(first: OverlayRule, second: OverlayRule, { id }: Offer): void {
    const key = JSON.stringify([first.file, first.name, second.file, second.name])
    const known = this.conflicts.get(key)
    if (known) known.offers++
    else this.conflicts.set(key, { first, second, example: id, offers: 1 })
  }
}

const count = (counts: Map<OverlayRule, number>, rule: OverlayRule): void => {
  counts.set(rule, (counts.get(rule) ?? 0) + 1)
}

const stateOf = (
  { selected, decided }: Pick<RuleFinding, 'selected' | 'decided'>,
  active: boolean,
): RuleFinding['state'] => {
  if (!active) return 'expired'
  if (selected === 0) return 'unused'
  return decided === 0 ? 'shadowed' : 'used'
}

/**
 * What every rule and every own offer of an overlay comes to over a catalog (the base, not the
 * overlaid one). Reads every offer. Throws ConfigurationError as `overlaidCatalog` does.
 */
export const examineOverlay = (base: Catalog, overlay: Overlay, nowMs: number): OverlayFindings => {
  const today = dayOf(nowMs)
  const rules = activeRules(overlay, today)
  const own = activeOffers(overlay, today)
  const tally = new Tally()
  const replaced = new Set<string>()
  for (const backend of new Set([...base.backends(), ...[...own.values()].map((o) => o.backend)])) {
    const { offers, machines } = baseOffers(base, backend)
    for (const offer of offers) {
      if (own.has(offer.id)) replaced.add(offer.id)
      tally.add(rules, offer, own.has(offer.id))
    }
    const mine = [...own.values()].filter((one) => one.backend === backend)
    toOffers(mine, machines, { overlay, today })
  }
  const known = knownNames(base)
  return {
    rules: overlay.rules.map((rule) => {
      const selected = tally.selected.get(rule) ?? 0
      const decided = tally.decided.get(rule) ?? 0
      const state = stateOf({ selected, decided }, isActive(rule, today))
      return { rule, state, selected, decided, unknown: unknownNamesOf(rule.selector, known) }
    }),
    conflicts: [...tally.conflicts.values()],
    offers: overlay.offers.map((offer): OwnOfferFinding => {
      const { id } = keysOf(offer)
      if (!isActive(offer, today)) return { offer, id, state: 'expired' }
      if (own.get(id) !== offer) return { offer, id, state: 'shadowed' }
      return { offer, id, state: replaced.has(id) ? 'replaces' : 'added' }
    }),
  }
}
