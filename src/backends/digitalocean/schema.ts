/** DigitalOcean's sizes, in its spelling: memory in MiB, accelerator memory of all together. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const size = z.object({
  slug: z.string(),
  memory: z.number(),
  vcpus: z.number(),
  disk: optional(z.number()),
  price_hourly: optional(z.number()),
  regions: z.array(z.string()),
  available: optional(z.boolean()),
  gpu_info: optional(
    z.object({
      count: z.number(),
      model: z.string(),
      vram: z.object({ amount: z.number(), unit: z.literal('gib') }),
    }),
  ),
})

export const sizesAnswer = z.object({
  sizes: looseRows(size),
  links: z.object({
    pages: optional(z.object({ next: optional(z.string()) })),
  }),
  meta: z.object({ total: z.number() }),
})

export type Size = z.infer<typeof size>
