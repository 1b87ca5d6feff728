/** Hyperstack's flavors and pricebook, in its spelling: a price is of one accelerator. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const flavor = z.object({
  name: z.string().check(z.minLength(1)),
  region_name: z.string().check(z.minLength(1)),
  cpu: z.number(),
  ram: z.number(),
  disk: optional(z.number()),
  gpu: optional(z.string()),
  gpu_count: z.number(),
  stock_available: optional(z.boolean()),
})

const group = z.object({ flavors: looseRows(flavor) })

const price = z.object({ name: z.string(), value: optional(z.union([z.string(), z.number()])) })

export const instanceTypesAnswer = z.object({ data: looseRows(group) })
export const pricebookAnswer = looseRows(price)

export type ListedInstanceType = z.infer<typeof flavor>
export type Price = z.infer<typeof price>
