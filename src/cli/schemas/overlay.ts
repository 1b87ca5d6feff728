import {
  closed,
  count,
  listOf,
  oneOf,
  orNull,
  price,
  sha256,
  text,
  type Schema,
} from './building-blocks.ts'

/** Which overlay an answer was given under. */
export const overlay: Schema = orNull(
  closed(
    { digest: sha256, files: listOf(text()), rules: count(), offers: count() },
    "The own prices that apply; null where prices are the catalog's.",
  ),
)

const action = {
  action: oneOf('discount', 'price', 'exclude', 'own'),
  percent: orNull(text('Of a discount.')),
}

/** What an overlay did to an offer; empty where it is as the catalog has it. */
export const steps: Schema = listOf(
  closed({
    file: text(),
    rule: orNull(text('Null for an own offer.')),
    ...action,
    base_price: price,
    price: orNull(price),
  }),
)

const named = closed({ file: text(), rule: text() })

/** What the rules and own offers of an overlay come to. */
export const findings: Schema = orNull(
  closed({
    rules: listOf(
      closed({
        file: text(),
        rule: text(),
        ...action,
        price: orNull(price),
        expires: orNull(text('The last day it holds.')),
        weight: { type: 'number' },
        state: oneOf('used', 'shadowed', 'unused', 'expired'),
        matched: count(),
        decided: count(),
        unknown_names: listOf(closed({ key: text(), name: text(), nearest: orNull(text()) })),
      }),
    ),
    conflicts: listOf(closed({ first: named, second: named, offers: count(1), example: text() })),
    offers: listOf(
      closed({
        file: text(),
        id: text(),
        price,
        expires: orNull(text()),
        state: oneOf('added', 'replaces', 'shadowed', 'expired'),
      }),
    ),
  }),
)
