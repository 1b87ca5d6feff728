/** TensorDock's locations, in its spelling: every price is of one unit. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const price = optional(z.union([z.number(), z.string()]))

const card = z.object({
  v0Name: z.string(),
  max_count: z.number(),
  price_per_hr: price,
  pricing: z.object({ per_vcpu_hr: price, per_gb_ram_hr: price, per_gb_storage_hr: price }),
  resources: z.object({
    max_vcpus: z.number(),
    max_ram_gb: z.number(),
    max_storage_gb: z.number(),
  }),
})

const location = z.object({ id: z.string().check(z.minLength(1)), gpus: looseRows(card) })

export const locationsAnswer = z.object({ data: z.object({ locations: looseRows(location) }) })

export type Card = z.infer<typeof card>
export type Location = z.infer<typeof location>
