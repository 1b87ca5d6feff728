/** Verda's answers, in its spelling: prices are texts, accelerator memory is of all together. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

export const tokenAnswer = z.object({ access_token: z.string().check(z.minLength(1)) })

const instanceType = z.object({
  instance_type: z.string(),
  model: optional(z.string()),
  name: optional(z.string()),
  cpu: z.object({ number_of_cores: z.number() }),
  memory: z.object({ size_in_gigabytes: z.number() }),
  gpu: z.object({ number_of_gpus: z.number() }),
  gpu_memory: z.object({ size_in_gigabytes: z.number() }),
  price_per_hour: optional(z.union([z.string(), z.number()])),
  spot_price: optional(z.union([z.string(), z.number()])),
  currency: z.string(),
})

export const instanceTypesAnswer = looseRows(instanceType)

const availability = z.object({
  location_code: z.string(),
  availabilities: z.array(z.string()),
})

export const availabilityAnswer = looseRows(availability)

export type VerdaType = z.infer<typeof instanceType>
export type Availability = z.infer<typeof availability>
