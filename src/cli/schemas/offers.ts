import { subject } from './subject.ts'
import {
  boolean,
  closed,
  count,
  dialect,
  listOf,
  oneOf,
  orNull,
  price,
  range,
  sha256,
  text,
  time,
  type Schema,
} from './building-blocks.ts'

const vendors = ['nvidia', 'amd', 'google', 'intel', 'tenstorrent', 'aws', 'qualcomm', 'huawei']

const gpu = closed({
  name: text(),
  vendor: oneOf(...vendors),
  count: count(1),
  memory_mib: count(1, 'Memory of one accelerator.'),
})

const offer = closed({
  rank: count(1),
  id: text('backend/region/instance_type/spot or on-demand; ? for an unknown region.'),
  backend: text(),
  region: orNull(text()),
  zone: orNull(text()),
  instance_type: text(),
  cpus: { type: 'number', exclusiveMinimum: 0 },
  memory_mib: count(),
  gpu: orNull(gpu),
  disk_mib: orNull(count(0, 'A disk that comes with the machine.')),
  spot: boolean,
  price,
  availability: oneOf('unknown', 'none', 'low', 'medium', 'high'),
  source: text('Where the price was seen.'),
  observed_at: time,
})

const requirements = closed({
  cpus: range(),
  memory_mib: range(),
  disk_mib: orNull(range('Binds only machines with a disk of fixed size.')),
  gpu: orNull(
    closed({
      names: orNull(listOf(text())),
      vendors: orNull(listOf(oneOf(...vendors))),
      count: range(),
      memory_mib: orNull(range()),
      total_memory_mib: orNull(range()),
      compute_capability: orNull({ type: 'string', pattern: '^\\d+\\.\\d+$' }),
    }),
  ),
  spot: { type: ['boolean', 'null'], description: 'Null for either.' },
  max_price: orNull(price),
  backends: orNull(listOf(text())),
  regions: orNull(listOf(text())),
  instance_types: orNull(listOf(text())),
})

/** What `-o json` and `-o yaml` print. */
export const offersSchema: Schema = {
  $schema: dialect,
  $id: 'urn:dstack-offers:schema:offers:1.0',
  title: 'Offers',
  ...closed({
    format_version: { type: 'string', pattern: '^1\\.\\d+$' },
    kind: { const: 'offers' },
    configuration: orNull(closed(subject, 'The file that asked; null for flags alone.')),
    requirements,
    catalog: closed({
      digest: sha256,
      backends: count(),
      offers: count(),
      oldest: orNull(closed({ backend: text(), observed_at: time })),
    }),
    counts: closed({
      matched: count(0, 'Offers that match, shown or not.'),
      shown: count(),
      hidden: count(),
    }),
    offers: listOf(offer),
  }),
}
