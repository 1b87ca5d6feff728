/** Prime Intellect's availability, in its spelling: prices per machine, accelerator memory of all cards. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const amount = z.object({ defaultCount: optional(z.number()) })

const item = z.object({
  cloudId: z.string().check(z.minLength(1)),
  gpuType: z.string(),
  provider: z.string(),
  region: optional(z.string()),
  dataCenter: optional(z.string()),
  gpuCount: z.number(),
  gpuMemory: optional(z.number()),
  vcpu: amount,
  memory: amount,
  stockStatus: optional(z.string()),
  security: optional(z.string()),
  prices: z.object({
    onDemand: optional(z.union([z.number(), z.string()])),
    communityPrice: optional(z.union([z.number(), z.string()])),
    currency: z.string(),
  }),
  isSpot: optional(z.boolean()),
})

export const availabilityAnswer = z.object({ items: looseRows(item), totalCount: z.number() })

export type AvailableItem = z.infer<typeof item>
