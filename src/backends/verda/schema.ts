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

/** A deployed instance, a key and a script are answered by their id alone. */
export const idAnswer = z.string().check(z.regex(/^[\w-]+$/))

const instance = z.object({
  id: z.string(),
  hostname: z.string(),
  status: z.string(),
  ip: optional(z.string()),
  location: z.string(),
  is_spot: optional(z.boolean()),
  price_per_hour: optional(z.union([z.string(), z.number()])),
  os_volume_id: optional(z.string()),
})

export const instanceAnswer = instance
export const instancesAnswer = z.array(instance)

const named = z.object({ id: z.string(), name: z.string() })

export const namedAnswer = z.array(named)

export type Instance = z.infer<typeof instance>
export type Named = z.infer<typeof named>
