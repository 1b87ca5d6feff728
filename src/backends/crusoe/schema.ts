/** Crusoe's answers, in its spelling: memory and disks in GiB, capacity by type and location. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const machineType = z.object({
  product_name: z.string().check(z.minLength(1)),
  cpu_cores: z.number(),
  memory_gb: z.number(),
  disk_gb: optional(z.number()),
  gpu_type: optional(z.string()),
  num_gpu: z.number(),
  cpu_type: optional(z.string()),
})

export const typesAnswer = z.object({ items: looseRows(machineType) })

const capacity = z.object({
  type: z.string(),
  location: z.string().check(z.minLength(1)),
  quantity: z.number(),
})

export const capacitiesAnswer = z.object({ items: looseRows(capacity) })

export type MachineType = z.infer<typeof machineType>
export type Capacity = z.infer<typeof capacity>
