/** CloudRift's instance types, in its spelling: bytes, and cents an hour. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const nodes = z.record(z.string(), z.number())

const variant = z.object({
  name: z.string(),
  cpu_count: z.number(),
  logical_cpu_count: optional(z.number()),
  dram: z.number(),
  disk: optional(z.number()),
  vram: optional(z.number()),
  gpu_count: optional(z.number()),
  cost_per_hour: optional(z.number()),
  nodes_per_dc: optional(nodes),
  available_nodes_per_dc: optional(nodes),
})

const family = z.object({
  name: z.string(),
  brand_short: z.string(),
  manufacturer: optional(z.string()),
  variants: looseRows(variant),
})

/** An error is a bare text in the place of the object. */
export const instanceTypesAnswer = z.object({
  data: z.object({ instance_types: looseRows(family) }),
})

export type Family = z.infer<typeof family>
export type Variant = z.infer<typeof variant>
