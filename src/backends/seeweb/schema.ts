/** Seeweb's answers, in its spelling: figures are texts, memory in MiB, disks in GB. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

/** `16`, or `"16"`. */
const figure = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\s*\d+(\.\d+)?\s*$/))]),
  z.transform(Number),
)

const plan = z.object({
  name: z.string().check(z.minLength(1)),
  cpu: figure,
  ram: figure,
  disk: optional(figure),
  /** Number of accelerators: an empty text where there is none. */
  gpu: optional(z.union([figure, z.literal('')])),
  gpu_label: optional(z.string()),
  hourly_price: optional(z.union([z.number(), z.string()])),
  windows: optional(z.boolean()),
  /** Whether the plan is sold at all; free machines are told apart. */
  available: optional(z.boolean()),
  available_regions: optional(z.array(z.object({ location: z.string().check(z.minLength(1)) }))),
})

/** `ok` where all is well; older answers have no status. */
const status = optional(z.literal('ok'))

export const plansAnswer = z.object({ status, plans: looseRows(plan) })

const freeRegions = z.array(z.object({ region: z.string().check(z.minLength(1)) }))

/** The regions a plan can be started in now; the key is spelled in two ways. */
const freePlan = z.pipe(
  z.union([
    z.object({ name: z.string(), region_availables: freeRegions }),
    z.object({ name: z.string(), region_available: freeRegions }),
  ]),
  z.transform((row) => {
    const found = 'region_availables' in row ? row.region_availables : row.region_available
    return { name: row.name, regions: found.map(({ region }) => region) }
  }),
)

export const freePlansAnswer = z.object({ status, plans: looseRows(freePlan) })

export type Plan = z.infer<typeof plan>
export type FreePlan = z.infer<typeof freePlan>
