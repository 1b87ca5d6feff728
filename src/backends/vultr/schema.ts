/** Vultr's lists of plans, in its spelling. Memory in MiB, disks in GB, accelerator memory per plan. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const prices = {
  hourly_cost: optional(z.number()),
  hourly_cost_preemptible: optional(z.number()),
}

const sales = {
  ...prices,
  id: z.string(),
  ram: z.number(),
  disk: optional(z.number()),
  disk_count: optional(z.number()),
  invoice_type: optional(z.string()),
  deploy_ondemand: optional(z.boolean()),
  deploy_preemptible: optional(z.boolean()),
  locations: z.array(z.string()),
  location_cost: optional(z.record(z.string(), z.object(prices))),
  gpu_type: optional(z.string()),
}

const plan = z.object({
  ...sales,
  vcpu_count: z.number(),
  gpu_vram_gb: optional(z.number()),
})

const metalPlan = z.object({
  ...sales,
  cpu_threads: z.number(),
  gpu_count: optional(z.number()),
})

const meta = z.object({
  total: z.number(),
  links: z.object({ next: z.string() }),
})

export const plansAnswer = z.object({ plans: looseRows(plan), meta })
export const metalPlansAnswer = z.object({ plans_metal: looseRows(metalPlan), meta })

export type Plan = z.infer<typeof plan>
export type MetalPlan = z.infer<typeof metalPlan>

const machine = z.object({
  id: z.string(),
  label: optional(z.string()),
  region: z.string(),
  main_ip: optional(z.string()),
  status: z.string(),
  tags: optional(z.array(z.string())),
})

const next = z.object({ links: optional(z.object({ next: optional(z.string()) })) })

/** A machine stands under the name of its kind. */
export const instanceAnswer = z.object({ instance: machine })
export const bareMetalAnswer = z.object({ bare_metal: machine })
export const instancesAnswer = z.object({ instances: z.array(machine), meta: next })
export const bareMetalsAnswer = z.object({ bare_metals: z.array(machine), meta: next })

const firewall = z.object({
  id: z.string(),
  description: z.string(),
  rule_count: z.number(),
})

export const firewallAnswer = z.object({ firewall_group: firewall })
export const firewallsAnswer = z.object({ firewall_groups: z.array(firewall), meta: next })

export type Machine = z.infer<typeof machine>
export type Firewall = z.infer<typeof firewall>
