/** Scaleway's product catalog and its stock, in its spelling. Sizes in bytes, prices as units and nanos. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const product = z.object({
  sku: z.string(),
  product: optional(z.string()),
  locality: z.object({ zone: optional(z.string()) }),
  price: optional(
    z.object({
      retail_price: z.object({
        currency_code: z.string(),
        units: z.int(),
        nanos: z.int(),
      }),
    }),
  ),
  unit_of_measure: optional(z.object({ unit: z.string(), size: z.int() })),
  status: optional(z.string()),
  properties: z.object({
    instance: optional(z.object({ offer_id: z.string() })),
    hardware: optional(
      z.object({
        cpu: optional(
          z.object({
            arch: optional(z.string()),
            virtual: optional(z.object({ count: z.number() })),
          }),
        ),
        ram: optional(z.object({ size: z.number() })),
        storage: optional(z.object({ total: optional(z.number()) })),
        gpu: optional(z.object({ count: z.number(), type: z.string() })),
      }),
    ),
  }),
})

export const productsAnswer = z.object({
  products: looseRows(product),
  total_count: z.number(),
})

export type Product = z.infer<typeof product>

/** By type. */
const servers = z.record(z.string(), z.object({ availability: optional(z.string()) }))

export const availabilityAnswer = z.object({ servers })
