/** DigitalOcean's sizes, in its spelling: memory in MiB, accelerator memory of all together. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const size = z.object({
  slug: z.string(),
  memory: z.number(),
  vcpus: z.number(),
  disk: optional(z.number()),
  price_hourly: optional(z.number()),
  regions: z.array(z.string()),
  available: optional(z.boolean()),
  gpu_info: optional(
    z.object({
      count: z.number(),
      model: z.string(),
      vram: z.object({ amount: z.number(), unit: z.literal('gib') }),
    }),
  ),
})

export const sizesAnswer = z.object({
  sizes: looseRows(size),
  links: z.object({
    pages: optional(z.object({ next: optional(z.string()) })),
  }),
  meta: z.object({ total: z.number() }),
})

export type Size = z.infer<typeof size>

const droplet = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  tags: z.array(z.string()),
  region: z.object({ slug: z.string() }),
  size: optional(z.object({ price_hourly: optional(z.number()) })),
  networks: optional(
    z.object({ v4: z.array(z.object({ ip_address: z.string(), type: z.string() })) }),
  ),
})

export const dropletAnswer = z.object({ droplet })
export const dropletsAnswer = z.object({
  droplets: z.array(droplet),
  links: z.object({
    pages: optional(z.object({ next: optional(z.string()) })),
  }),
})

const firewall = z.object({ id: z.string(), name: z.string() })

export const firewallsAnswer = z.object({
  firewalls: z.array(firewall),
  links: optional(
    z.object({
      pages: optional(z.object({ next: optional(z.string()) })),
    }),
  ),
})

export type Droplet = z.infer<typeof droplet>
export type Firewall = z.infer<typeof firewall>
