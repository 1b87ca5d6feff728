import { gpuVendors } from '#domain/gpu'
import {
  boolean,
  closed,
  count,
  oneOf,
  orNull,
  price,
  text,
  time,
  type Schema,
} from './building-blocks.ts'

const gpu = closed({
  name: text(),
  vendor: oneOf(...gpuVendors),
  count: count(1),
  memory_mib: count(1, 'Memory of one accelerator.'),
})

/** The keys of an offer. */
export const offerKeys: Readonly<Record<string, Schema>> = {
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
}

export const offer = closed(offerKeys)

/** A model of accelerator, of machines that have one. */
export const gpuModel = orNull(
  closed({ name: text(), vendor: oneOf(...gpuVendors), memory_mib: count(1) }),
)
