import { gpuVendors } from '#domain/gpu'
import { closed, listOf, oneOf, orNull, price, range, text } from './building-blocks.ts'

export const requirements = closed({
  cpus: range(),
  memory_mib: range(),
  disk_mib: orNull(range('Binds only machines with a disk of fixed size.')),
  gpu: orNull(
    closed({
      names: orNull(listOf(text())),
      vendors: orNull(listOf(oneOf(...gpuVendors))),
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
