/** Shadeform's instance types, in its spelling: cents an hour, accelerator memory per card. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const availability = z.object({ region: z.string().check(z.minLength(1)), available: z.boolean() })

const instanceType = z.object({
  cloud: z.string(),
  shade_instance_type: z.string(),
  cloud_instance_type: z.string(),
  hourly_price: optional(z.number()),
  configuration: z.object({
    vcpus: z.number(),
    memory_in_gb: z.number(),
    storage_in_gb: optional(z.number()),
    gpu_type: optional(z.string()),
    num_gpus: z.number(),
    vram_per_gpu_in_gb: optional(z.number()),
  }),
  availability: z.array(availability),
})

export const instanceTypesAnswer = z.object({ instance_types: looseRows(instanceType) })

export type ShadeformType = z.infer<typeof instanceType>
