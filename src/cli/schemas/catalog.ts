import {
  closed,
  count,
  dialect,
  listOf,
  sha256,
  text,
  time,
  type Schema,
} from './building-blocks.ts'

const source = closed({ source: text(), observed_at: time, offers: count() })

const backend = closed({
  backend: text(),
  regions: count(),
  instance_types: count(),
  offers: count(),
  spot_offers: count(),
  gpu_models: listOf(text()),
  sources: listOf(source),
  notes: listOf(text()),
  digest: sha256,
})

/** What `dstack-offers catalog -o json` prints. */
export const catalogSchema: Schema = {
  $schema: dialect,
  $id: 'urn:dstack-offers:schema:catalog:1.0',
  title: 'Catalog',
  ...closed({
    format_version: { type: 'string', pattern: '^1\\.\\d+$' },
    kind: { const: 'catalog' },
    files: listOf(text('`embedded` or the path of a file.')),
    digest: sha256,
    backends: listOf(backend),
  }),
}
