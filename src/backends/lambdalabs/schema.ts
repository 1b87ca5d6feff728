/** Lambda's instance types, in its spelling: cents an hour and instance, sizes in GiB. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const entry = z.object({
  instance_type: z.object({
    name: z.string(),
    gpu_description: optional(z.string()),
    price_cents_per_hour: optional(z.number()),
    architecture: optional(z.string()),
    specs: z.object({
      vcpus: z.number(),
      memory_gib: z.number(),
      storage_gib: optional(z.number()),
      gpus: z.number(),
    }),
  }),
  regions_with_capacity_available: z.array(z.object({ name: z.string() })),
})

/** An object by name; the names stand in the entries too. */
export const instanceTypesAnswer = z.object({
  data: z.pipe(
    z.pipe(
      z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]),
      z.transform((entries: unknown[] | Record<string, unknown>): unknown =>
        Object.values(entries),
      ),
    ),
    looseRows(entry),
  ),
})

export type Entry = z.infer<typeof entry>

const instance = z.object({
  id: z.string(),
  name: optional(z.string()),
  ip: optional(z.string()),
  status: z.string(),
  region: z.object({ name: z.string() }),
  instance_type: optional(z.object({ price_cents_per_hour: optional(z.number()) })),
  tags: optional(z.array(z.object({ key: z.string(), value: z.string() }))),
})

export const instanceAnswer = z.object({ data: instance })
export const instancesAnswer = z.object({ data: z.array(instance) })
export const launchAnswer = z.object({
  data: z.object({ instance_ids: z.tuple([z.string()], z.string()) }),
})

const sshKey = z.object({ id: z.string(), name: z.string() })

export const sshKeysAnswer = z.object({ data: z.array(sshKey) })

export type Instance = z.infer<typeof instance>
export type SshKey = z.infer<typeof sshKey>
