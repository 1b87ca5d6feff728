import {
  boolean,
  closed,
  count,
  decimal,
  listOf,
  oneOf,
  orNull,
  sha256,
  text,
} from './building-blocks.ts'

const bound = closed(
  {
    available: boolean,
    price: orNull(decimal),
    backend: text(),
    instance_type: text(),
    spot: boolean,
    region: orNull(text()),
  },
  'The keys of the last offer listed: whatever matches and ranks before it is listed.',
)

/** Null where offers are in another order than that of the price, or limited by a budget. */
export const certificate = orNull(
  closed(
    {
      order: listOf(oneOf('available', 'price', 'backend', 'instance_type', 'spot', 'region')),
      requirements_digest: sha256,
      catalog_digest: sha256,
      overlay_digest: orNull(sha256),
      considered: count(0, 'Offers in the catalog.'),
      matched: count(),
      limit: count(0, 'Offers asked for; 0 for all.'),
      shown: count(),
      bound: orNull(bound),
    },
    'What the answer claims of itself; null in another order than by price, or under a budget.',
  ),
)
