/** What a plan allows a run to do: its offers, each at its price at most. */
import { printConfiguration } from '#configuration/print'
import type { Configuration } from '#domain/configuration'
import type { Offer } from '#domain/offer'
import { parseUsd } from '#domain/price'
import { jsonDigest } from '#plans/canonical-json'
import { planDigest } from '#plans/plan-document'
import { readPlan } from '#plans/read-plan'

interface PlanAsked {
  /** What messages call the plan. */
  readonly file: string
  readonly configuration: Configuration
  readonly overlayDigest: string | null
}

interface PlanBounds {
  /** What the plan was made for and is no longer so; empty where it holds. */
  readonly differences: readonly string[]
  /** Of the offers, those that the plan tries, in its order, at its price or below. */
  within(offers: readonly Offer[]): readonly Offer[]
}

/** Throws ArgumentError where the text is no plan. */
export const planBounds = (text: string, asked: PlanAsked): PlanBounds => {
  const plan = readPlan(text, asked.file)
  const configuration = jsonDigest(printConfiguration(asked.configuration))
  const differences = [
    ...(planDigest(plan) === plan.digest ? [] : ['the plan was edited']),
    ...(plan.configuration?.digest === configuration ? [] : ['the configuration differs']),
    ...((plan.overlay?.digest ?? null) === asked.overlayDigest ? [] : ['the own prices differ']),
  ]
  return {
    differences,
    within: (offers) => {
      const now = new Map(offers.map((offer) => [offer.id, offer]))
      return plan.attempts.flatMap(({ id, price: planned }) => {
        const offer = now.get(id)
        const price = offer?.priceNanoUsd ?? null
        const highest = planned.amount === null ? null : parseUsd(planned.amount)
        if (offer === undefined || price === null || highest === null) return []
        return price <= highest ? [offer] : []
      })
    },
  }
}
