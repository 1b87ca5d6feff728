/** Hetzner Cloud's answers, in its spelling: prices are texts, with and without tax. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

export const pricingAnswer = z.object({ pricing: z.object({ currency: z.string() }) })

const deprecation = optional(z.object({ unavailable_after: z.string() }))

const price = z.object({
  location: z.string(),
  price_hourly: z.object({ net: z.string() }),
})

const location = z.object({
  name: z.string(),
  available: optional(z.boolean()),
  deprecation,
})

const serverType = z.object({
  name: z.string(),
  cores: z.number(),
  memory: z.number(),
  disk: optional(z.number()),
  architecture: optional(z.string()),
  prices: z.array(price),
  /** Null in answers that do not tell where a type is sold. */
  locations: optional(z.array(location)),
  deprecation,
})

export const serverTypesAnswer = z.object({
  server_types: looseRows(serverType),
  meta: z.object({ pagination: z.object({ total_entries: z.number() }) }),
})

export type ServerType = z.infer<typeof serverType>
export type Location = z.infer<typeof location>
