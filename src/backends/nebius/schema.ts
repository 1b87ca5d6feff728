/** Nebius's answers, in its spelling; and the file of a service account that its tools write. */
import * as z from 'zod/mini'
import { looseRows } from '#backends/kit/wire'

const filled = z.string().check(z.minLength(1))
const metadata = z.object({ id: z.string(), name: z.string() })

export const tokenAnswer = z.object({ access_token: filled })

export const rowsAnswer = z.object({
  items: z.array(z.instanceof(Uint8Array)),
  next_page_token: z.string(),
})

/** A tenant or a project. */
const container = z.object({
  metadata: z.extend(metadata, { id: filled }),
  spec: z.nullable(z.object({ region: z.string() })),
  status: z.nullable(
    z.object({
      region: z.string(),
      suspension_state: z.number(),
      container_state: z.number(),
    }),
  ),
})

const preset = z.object({
  name: z.string(),
  resources: z.nullable(
    z.object({ vcpu_count: z.number(), memory_gibibytes: z.number(), gpu_count: z.number() }),
  ),
})

const platform = z.object({
  metadata: z.extend(metadata, { name: filled }),
  spec: z.object({
    presets: z.array(preset),
    human_readable_name: z.string(),
    short_human_readable_name: z.string(),
    gpu_memory_gibibytes: z.number(),
    gpu_memory_gigabytes: z.number(),
  }),
  status: z.nullable(z.object({ allowed_for_preemptibles: z.boolean() })),
})

const availability = z.nullable(
  z.object({ data_state: z.number(), available: z.number(), limit: z.number() }),
)

/** Of one machine in one fabric of a region. */
const advice = z.object({
  spec: z.object({
    region: filled,
    compute_instance: z.object({ platform: filled, preset: z.object({ name: filled }) }),
  }),
  status: z.object({ on_demand: availability, preemptible: availability }),
})

const breakdown = z.nullable(z.object({ cost: z.string() }))
const total = z.nullable(z.object({ total: breakdown }))

export const estimateAnswer = z.object({
  hourly_cost: z.nullable(z.object({ general: total })),
})

export const containerRows = looseRows(container)
export const platformRows = looseRows(platform)
export const adviceRows = looseRows(advice)

const serviceAccountFile = z.object({
  'subject-credentials': z.object({ 'private-key': filled, kid: filled, sub: filled }),
})

/** Null for what is no such file. */
export const readServiceAccount = (
  value: unknown,
): z.infer<typeof serviceAccountFile>['subject-credentials'] | null => {
  const read = z.safeParse(serviceAccountFile, value)
  return read.success ? read.data['subject-credentials'] : null
}

export type Container = z.infer<typeof container>
export type Platform = z.infer<typeof platform>
export type Advice = z.infer<typeof advice>
export type Availability = NonNullable<z.infer<typeof availability>>
export type Preset = z.infer<typeof preset>
