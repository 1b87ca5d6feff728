import { closed, count, listOf, oneOf, orNull, text, time, type Schema } from './building-blocks.ts'

/** What the markets said that were asked for this answer. */
export const live: Schema = closed(
  {
    timeout_seconds: count(1),
    backends: listOf(
      closed({
        backend: text(),
        state: oneOf('answered', 'late', 'incomplete', 'doubted', 'skipped', 'failed'),
        offers: count(0, 'Offers that came and are used.'),
        why: listOf(text()),
        source: orNull(text()),
        observed_at: orNull(time),
        took_ms: count(),
      }),
    ),
  },
  "Only with --live. Prices of a backend that has not answered are the catalog's.",
)
