import { gpuVendors } from '#domain/gpu'
import {
  closed,
  closedWith,
  count,
  documentOf,
  listOf,
  oneOf,
  orNull,
  pricePer,
  priceRange,
  sha256,
  text,
  type Schema,
} from './building-blocks.ts'
import { live } from './live.ts'
import { gpuModel, offerKeys } from './offer.ts'
import { overlay, steps } from './overlay.ts'
import { requirements } from './requirements.ts'

const catalog = closed({ digest: sha256 })

const region = orNull(text('Null is an unknown region.'))

const group = closed({
  rank: count(1),
  gpu: gpuModel,
  count: orNull(closed({ min: count(1), max: count(1) }, 'Accelerators of a machine.')),
  backend: orNull(text()),
  backends: orNull(listOf(text())),
  region,
  regions: orNull(listOf(region)),
  spot: listOf(oneOf('spot', 'on-demand')),
  offers: count(1),
  available: count(),
  unknown_prices: count(),
  from: pricePer('gpu_hour', 'instance_hour'),
  price: priceRange('instance_hour'),
  price_per_gpu: priceRange('gpu_hour'),
  price_per_gpu_gb: priceRange('gpu_gb_hour'),
  first_offer: text('The id of the first in rank.'),
})

/** What `--group-by … -o json` prints. */
export const groupsSchema: Schema = documentOf(
  'groups',
  'Groups',
  {
    requirements,
    catalog,
    overlay,
    group_by: listOf(oneOf('gpu', 'backend', 'region', 'count')),
    counts: closed({ groups: count(), matched: count() }),
    groups: listOf(group),
  },
  { live },
)

const sold = orNull(closed({ offers: count(1), from: pricePer('gpu_hour') }))

/** What `dstack-offers gpus -o json` prints. */
export const gpusSchema: Schema = documentOf('gpus', 'GPUs', {
  catalog,
  overlay,
  gpus: listOf(
    closed({
      name: text(),
      vendor: oneOf(...gpuVendors),
      kind: orNull(oneOf('gpu', 'tpu', 'npu')),
      memory_mib: count(1),
      compute_capability: orNull({ type: 'string', pattern: '^\\d+\\.\\d+$' }),
      offers: count(),
      backends: listOf(text()),
      on_demand: sold,
      spot: sold,
    }),
  ),
})

const markedOffer = closedWith(offerKeys, { overlay: steps })

const side = closed({
  label: text(),
  requirements,
  counts: closed({ matched: count(), available: count(), unknown_prices: count() }),
  price: priceRange('instance_hour'),
  price_per_gpu: priceRange('gpu_hour'),
  offers: listOf(markedOffer),
})

/** What `dstack-offers compare … -o json` prints. */
export const comparisonSchema: Schema = documentOf('comparison', 'Comparison', {
  catalog,
  overlay,
  differing: listOf(text('A key of requirements that not all sides ask alike.')),
  sides: listOf(side),
  gpus: listOf(
    closed({
      gpu: gpuModel,
      sides: listOf(
        orNull(
          closed({
            offers: count(1),
            price: priceRange('instance_hour'),
            price_per_gpu: priceRange('gpu_hour'),
          }),
        ),
      ),
    }),
  ),
  common_offer: orNull(markedOffer),
})
