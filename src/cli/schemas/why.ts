import {
  closed,
  count,
  decimal,
  listOf,
  oneOf,
  orNull,
  sha256,
  text,
  documentOf,
  type Schema,
} from './building-blocks.ts'
import { live } from './live.ts'
import { offer } from './offer.ts'
import { requirements } from './requirements.ts'

const filterName = oneOf(
  'gpu_names',
  'gpu_vendors',
  'gpu_count_min',
  'gpu_count_max',
  'gpu_memory_min',
  'gpu_memory_max',
  'gpu_total_memory_min',
  'gpu_total_memory_max',
  'gpu_capability',
  'backends',
  'regions',
  'instance_types',
  'spot',
  'cpu_min',
  'cpu_max',
  'memory_min',
  'memory_max',
  'disk_min',
  'disk_max',
  'max_price',
)

/** A bound is a number, a price or capability a text; a set is its names. */
const asked: Schema = {
  anyOf: [{ type: ['number', 'string', 'boolean'] }, listOf(text())],
}

const bound = orNull({ type: ['number', 'string'] })

const relaxation = closed({
  rank: count(1, 'The number that --relax takes.'),
  changes: listOf(closed({ filter: filterName, from: asked, to: bound })),
  keys: listOf(closed({ key: text(), value: orNull(text('YAML; null takes the key out.')) })),
  offers: count(1),
  added: count(1),
  cheapest: offer,
  cheapest_added: offer,
})

/** Why offers match or do not; null where it was not asked. */
export const why: Schema = orNull(
  closed({
    format_version: { type: 'string', pattern: '^1\\.\\d+$' },
    kind: { const: 'why' },
    requirements,
    counts: closed({ offers: count(), matched: count() }),
    filters: listOf(
      closed({
        filter: filterName,
        asked,
        left: count(),
        removed: count(),
        if_dropped: closed({ matched: count(), cheapest: orNull(offer) }),
      }),
    ),
    relaxations: listOf(relaxation),
    relaxations_found: count(),
    near_misses: listOf(
      closed({
        kind: oneOf('gpu', 'backend', 'region', 'instance_type'),
        name: text(),
        nearest: orNull(text()),
      }),
    ),
  }),
)

/** What `--explain RANK -o json` prints. */
export const provenanceSchema: Schema = documentOf(
  'provenance',
  'Provenance',
  {
    offer,
    backend: closed({
      digest: orNull(sha256),
      offers: count(),
      importer: orNull(text()),
      notes: listOf(text()),
    }),
    price_steps: listOf(closed({ by: text(), amount: orNull(decimal) })),
  },
  { live },
)
