/** Vast.ai's search of asks, in its spelling. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const ask = z.object({
  id: z.number(),
  gpu_name: z.string(),
  num_gpus: z.number(),
  /** MiB of each. */
  gpu_ram: z.number(),
  cpu_cores: optional(z.number()),
  cpu_cores_effective: optional(z.number()),
  /** MiB of the whole host. */
  cpu_ram: z.number(),
  cpu_arch: optional(z.string()),
  dph_base: optional(z.number()),
  min_bid: optional(z.number()),
  geolocation: optional(z.string()),
  rentable: optional(z.boolean()),
})

export const asksAnswer = z.object({ offers: looseRows(ask) })

export type Ask = z.infer<typeof ask>

/** What an ask costs now. */
const quote = z.object({
  id: z.number(),
  dph_base: optional(z.number()),
  min_bid: optional(z.number()),
  direct_port_count: optional(z.number()),
})

export const quotesAnswer = z.object({ offers: z.array(quote) })

export type Quote = z.infer<typeof quote>

const instance = z.object({
  id: z.number(),
  label: optional(z.string()),
  actual_status: optional(z.string()),
  is_bid: optional(z.boolean()),
  public_ipaddr: optional(z.string()),
  /** By port in the container; some answers list bare numbers, which tell no mapping. */
  ports: z.optional(z.unknown()),
  dph_base: optional(z.number()),
})

export const instanceAnswer = z.object({ instances: optional(instance) })
export const instancesAnswer = z.object({
  instances: z.array(instance),
  next_token: optional(z.string()),
})

export type Instance = z.infer<typeof instance>

export const portsMapped = z.record(
  z.string(),
  z.nullable(z.array(z.object({ HostPort: z.string() }))),
)

export const rentedAnswer = z.object({ success: z.literal(true), new_contract: z.number() })

export const logsAnswer = z.object({ success: z.literal(true), result_url: z.string() })
