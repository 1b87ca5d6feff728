import {
  boolean,
  closed,
  count,
  decimal,
  oneOf,
  orNull,
  text,
  type Schema,
} from './building-blocks.ts'

const spending = orNull(
  closed({ per_hour: orNull(decimal), per_month: orNull(decimal), per_run: orNull(decimal) }),
)

const reference = { source: text(), as_of: text('The day, month or year of the figure.') }

const rate = closed({
  product: text(),
  amount_per_gb: decimal,
  per_hours: { type: 'number', exclusiveMinimum: 0 },
  ...reference,
})

const disk = closed({
  state: oneOf('not-asked', 'included', 'counted', 'not-counted'),
  size_gb: orNull(count()),
  cost: spending,
  rate: orNull(rate),
})

/** What an offer costs in full. */
export const total: Schema = closed({
  currency: { const: 'USD' },
  complete: { ...boolean, description: 'False where a part is not counted or not known.' },
  compute: spending,
  disk,
  replica: spending,
  replicas: closed({ least: spending, most: spending }),
  billing: orNull(
    closed({
      quantum_s: count(1),
      minimum_s: orNull(count()),
      minimum_charge: orNull(decimal),
      ...reference,
    }),
  ),
  billed_s: orNull(count()),
  interruption: closed({
    risk: oneOf('none', 'unknown', 'band'),
    percent_a_month: orNull(text('A band, such as 5-10.')),
  }),
  expected_per_hour: orNull(decimal),
  rank_key: orNull(decimal),
  fit: orNull(closed({ replicas: orNull(count()), at_most: boolean })),
})

export const budget: Schema = orNull(
  closed({ amount: decimal, currency: { const: 'USD' }, per: oneOf('hour', 'day', 'month') }),
)

/** What costs were asked for; null for none. */
export const cost: Schema = orNull(
  closed({
    hours_per_month: count(),
    disk_mib: orNull({ type: 'number' }),
    run_s: orNull(count()),
    interruption_seen_on: orNull({ type: 'string', format: 'date' }),
    replicas: closed({ min: count(), max: count() }),
    counts: closed({ matched: count(), lacking_key: count(), beyond_budget: count() }),
  }),
)
