/** Oracle's price list, in its spelling: a product is a part of a machine, by the hour. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const tier = z.object({ model: z.string(), value: z.number() })

const product = z.object({
  partNumber: z.string(),
  displayName: optional(z.string()),
  metricName: z.string(),
  currencyCodeLocalizations: z.array(z.object({ currencyCode: z.string(), prices: z.array(tier) })),
})

export const productsAnswer = z.object({
  items: looseRows(product),
  hasMore: optional(z.boolean()),
})

export type Product = z.infer<typeof product>
