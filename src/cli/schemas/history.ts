import { differenceKinds } from '#api/history'
import {
  boolean,
  closed,
  count,
  documentOf,
  listOf,
  oneOf,
  orNull,
  price,
  text,
  time,
  type Schema,
} from './building-blocks.ts'

const identity: Readonly<Record<string, Schema>> = {
  id: text('backend/region/instance_type/spot or on-demand; ? for an unknown region.'),
  backend: text(),
  region: orNull(text('Null is an unknown region.')),
  instance_type: text(),
  gpu: orNull(text('The name of its accelerator.')),
  gpu_count: count(),
  spot: boolean,
}

const point = closed({
  at: time,
  gone: { ...boolean, description: 'Whether the offer was withdrawn then.' },
  price,
  availability: orNull(oneOf('unknown', 'none', 'low', 'medium', 'high')),
})

/** What `dstack-offers history -o json` prints. */
export const historySchema: Schema = documentOf('history', 'Course of prices', {
  counts: closed({ matched: count(0, 'Offers that match, shown or not.'), shown: count() }),
  offers: listOf(closed({ ...identity, gone: boolean, points: listOf(point) })),
})

const difference = closed({
  kind: oneOf(...differenceKinds),
  ...identity,
  before: price,
  after: price,
  changed_at: time,
})

/** What `dstack-offers diff -o json` prints. */
export const differencesSchema: Schema = documentOf('differences', 'Differences', {
  since: time,
  counts: closed({ differences: count(), shown: count() }),
  later: listOf(closed({ backend: text('Recorded only since a later moment.'), since: time })),
  differences: listOf(difference),
})

/** What `dstack-offers sql -o json` prints. */
export const querySchema: Schema = documentOf('query', 'Answer to a query', {
  columns: listOf(text('Two columns may have one name.')),
  rows: listOf({
    type: 'array',
    description: 'As many values as there are columns.',
    items: { type: ['string', 'number', 'null'] },
  }),
  more: { ...boolean, description: 'Whether there were more rows than asked for.' },
})
