/** Linode's lists, in its spelling. Memory and disks in MB of 1024 KB. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const type = z.object({
  id: z.string(),
  label: z.string(),
  class: z.string(),
  vcpus: z.number(),
  memory: z.number(),
  disk: optional(z.number()),
  gpus: optional(z.number()),
  accelerated_devices: optional(z.number()),
  price: z.object({ hourly: optional(z.number()) }),
  region_prices: optional(z.array(z.object({ id: z.string(), hourly: optional(z.number()) }))),
})

const region = z.object({
  id: z.string(),
  capabilities: z.array(z.string()),
  site_type: optional(z.string()),
})

const availability = z.object({
  region: z.string(),
  plan: z.string(),
  available: z.boolean(),
})

export const typesAnswer = z.object({ data: looseRows(type), results: z.number() })
export const regionsAnswer = z.object({ data: looseRows(region), results: z.number() })
export const availabilityAnswer = z.object({ data: looseRows(availability), results: z.number() })

export type LinodeType = z.infer<typeof type>
export type Region = z.infer<typeof region>
export type Availability = z.infer<typeof availability>
