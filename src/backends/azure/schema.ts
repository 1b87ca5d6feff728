/** Azure's retail price list, in its spelling. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

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
