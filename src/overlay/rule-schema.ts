import * as z from 'zod/mini'
import { parseBoolean } from '#configuration/boolean'
import { leaf, mapping, orElse, orNull, report, rule, type Payload } from '#configuration/fields'
import {
  parseDay,
  parseDiscount,
  parseHourlyPrice,
  parseName,
  parseWeight,
} from './action-fields.ts'
import type { OverlayAction, OverlayRule, Selector } from './overlay.ts'
import { anyOffer, selector } from './selector-schema.ts'

interface SaidAction {
  readonly discount: number | null
  readonly price: number | null
  readonly exclude: boolean
  readonly selector: Selector
}

const actionsOf = (said: SaidAction): readonly OverlayAction[] => [
  ...(said.discount === null
    ? []
    : [{ kind: 'discount', microPercent: said.discount } satisfies OverlayAction]),
  ...(said.price === null
    ? []
    : [{ kind: 'price', priceNanoUsd: said.price } satisfies OverlayAction]),
  ...(said.exclude ? [{ kind: 'exclude' } satisfies OverlayAction] : []),
]

const asksNothing = (chosen: Selector): boolean =>
  Object.values(chosen).every((value) => value === null)

const checkAction = (said: SaidAction, payload: Payload): void => {
  const [action, second] = actionsOf(said)
  if (!action) {
    report(payload, 'the rule does nothing', {
      hint: 'give it a discount, a price or exclude: true',
    })
  } else if (second) {
    report(payload, `the rule has a ${action.kind} and ${second.kind}`, {
      hint: 'keep one; write a rule for each',
    })
  } else if (action.kind !== 'discount' && asksNothing(said.selector)) {
    report(payload, `the rule has ${action.kind} for every offer there is`, {
      hint: 'give it a selector, such as {backends: [aws]}',
    })
  }
}

const notSaid: OverlayAction = { kind: 'exclude' }

/** A rule as far as the rule itself says it. */
export const overlayRule = (): z.ZodMiniType<Omit<OverlayRule, 'file' | 'index'>> =>
  z.pipe(
    mapping({
      name: leaf(parseName),
      selector: orElse(selector, anyOffer),
      discount: orNull(() => leaf(parseDiscount)),
      price: orNull(() => leaf(parseHourlyPrice)),
      exclude: orElse(() => leaf(parseBoolean), false),
      expires: orNull(() => leaf(parseDay)),
      weight: orElse(() => leaf(parseWeight), 0),
    }).check(rule<SaidAction>(['selector', 'discount', 'price', 'exclude'], checkAction)),
    z.transform((said) => ({
      name: said.name,
      selector: said.selector,
      action: actionsOf(said)[0] ?? notSaid,
      expires: said.expires,
      weight: said.weight,
    })),
  )
