/**
 * Oracle's price list, Core and Identity, in their spelling. A product of the list is a part of a
 * machine, by the hour.
 */
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

/** What an answer, or a page of one, looks like. */
export type Shape<T> = z.ZodMiniType<T>

const id = z.string().check(z.minLength(1))
const tags = optional(z.record(z.string(), z.string()))

const instance = z.object({
  id,
  displayName: optional(z.string()),
  lifecycleState: z.string(),
  availabilityDomain: optional(z.string()),
  compartmentId: id,
  freeformTags: tags,
})

const vcn = z.object({
  id,
  lifecycleState: z.string(),
  defaultRouteTableId: id,
  freeformTags: tags,
})

/** Gateways and subnets. */
const part = z.object({ id, lifecycleState: z.string(), freeformTags: tags })

export const instanceAnswer = instance
export const instancesAnswer = z.array(instance)
export const vcnAnswer = vcn
export const vcnsAnswer = z.array(vcn)
export const partAnswer = part
export const partsAnswer = z.array(part)

/** A platform's image is of no compartment. */
export const imagesAnswer = z.array(
  z.object({
    id,
    compartmentId: optional(z.string()),
    operatingSystem: z.string(),
    freeformTags: tags,
  }),
)

export const domainsAnswer = z.array(z.object({ name: id }))
export const shapesAnswer = z.array(z.object({ shape: z.string() }))
export const subscriptionsAnswer = z.array(z.object({ regionName: id, status: z.string() }))
export const attachmentsAnswer = z.array(
  z.object({ lifecycleState: z.string(), vnicId: optional(z.string()) }),
)
export const workAnswer = z.array(z.object({ id, operationType: z.string(), status: z.string() }))
export const workErrorsAnswer = z.array(z.object({ code: z.string(), message: z.string() }))
export const vnicAnswer = z.object({ publicIp: optional(z.string()) })

export type Instance = z.infer<typeof instance>
export type Vcn = z.infer<typeof vcn>
export type Part = z.infer<typeof part>
