import {
  closed,
  count,
  documentOf,
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
export const catalogSchema: Schema = documentOf('catalog', 'Catalog', {
  files: listOf(text('`embedded` or the path of a file.')),
  digest: sha256,
  backends: listOf(backend),
})
