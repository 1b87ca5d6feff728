/** Azure's retail price list, resource SKUs and machines, in their spelling. */
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

const tags = optional(z.record(z.string(), z.string()))

const status = z.object({ code: z.string(), message: optional(z.string()) })

/** A list shows no instance view; a machine that was just asked for, no interface. */
export const machineAnswer = z.object({
  name: z.string(),
  location: z.string(),
  tags,
  properties: z.object({
    provisioningState: z.string(),
    instanceView: optional(z.object({ statuses: orNone(status) })),
    networkProfile: optional(z.object({ networkInterfaces: orNone(z.object({ id: z.string() })) })),
  }),
})

export type VirtualMachine = z.infer<typeof machineAnswer>

export const machinesAnswer = z.object({
  value: z.array(machineAnswer),
  nextLink: optional(z.string()),
})

/** With what it refers to, where that is asked for. */
export const interfaceAnswer = z.object({
  properties: z.object({
    ipConfigurations: orNone(
      z.object({
        properties: z.object({
          publicIPAddress: optional(
            z.object({
              properties: optional(z.object({ ipAddress: optional(z.string()) })),
            }),
          ),
        }),
      }),
    ),
  }),
})

/** A group, a network, its rules: what is asked of all alike. */
export const resourceAnswer = z.object({
  id: z.string(),
  tags,
  properties: z.object({ provisioningState: z.string() }),
})

export type Resource = z.infer<typeof resourceAnswer>

const content = z.object({ name: z.string(), type: z.string() })

export type Content = z.infer<typeof content>

export const contentsAnswer = z.object({
  value: z.array(content),
  nextLink: optional(z.string()),
})
