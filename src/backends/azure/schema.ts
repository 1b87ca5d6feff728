/** Azure's retail price list and resource SKUs, in their spelling. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

/** A list that may be absent or null. */
const orNone = <T>(row: z.ZodMiniType<T>): z.ZodMiniType<readonly T[]> =>
  z.pipe(
    optional(z.array(row)),
    z.transform((rows): readonly T[] => rows ?? []),
  )

const item = z.object({
  armRegionName: z.string(),
  armSkuName: z.string(),
  productName: z.string(),
  skuName: z.string(),
  meterName: z.string(),
  retailPrice: z.number(),
  unitOfMeasure: z.string(),
  currencyCode: z.string(),
  type: z.string(),
})

export const pricesAnswer = z.object({
  Items: looseRows(item),
  NextPageLink: optional(z.string()),
  Count: z.number(),
})

export type Item = z.infer<typeof item>

export const tokenAnswer = z.object({ access_token: z.string().check(z.minLength(1)) })

/** Capabilities are texts, figures too; disks and others have none. */
const resourceSku = z.object({
  resourceType: z.string(),
  name: z.string(),
  capabilities: orNone(z.object({ name: z.string(), value: z.string() })),
  restrictions: orNone(z.object({ type: z.string(), reasonCode: optional(z.string()) })),
})

export const skusAnswer = z.object({
  value: looseRows(resourceSku),
  nextLink: optional(z.string()),
})

export type ResourceSku = z.infer<typeof resourceSku>
