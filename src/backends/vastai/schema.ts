/** Vast.ai's search of asks, in its spelling. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const ask = z.object({
  id: z.number(),
  gpu_name: z.string(),
  num_gpus: z.number(),
  /** MiB of each. */
  gpu_ram: z.number(),
  cpu_cores: optional(z.number()),
  cpu_cores_effective: optional(z.number()),
  /** MiB of the whole host. */
  cpu_ram: z.number(),
  cpu_arch: optional(z.string()),
  dph_base: optional(z.number()),
  min_bid: optional(z.number()),
  geolocation: optional(z.string()),
  rentable: optional(z.boolean()),
})

export const asksAnswer = z.object({ offers: looseRows(ask) })

export type Ask = z.infer<typeof ask>
