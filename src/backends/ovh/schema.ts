/** OVHcloud's catalog of the public cloud, in its spelling: prices in 1e-8 of the currency, sizes in GB. */
import * as z from 'zod/mini'
import { looseRows, type LooseRows, optional } from '#backends/kit/wire'

const pricing = z.object({
  price: z.int(),
  interval: z.number(),
  intervalUnit: z.string(),
  capacities: optional(z.array(z.string())),
})

const technical = z.object({
  cpu: optional(z.object({ cores: z.number() })),
  memory: optional(z.object({ size: z.number() })),
  gpu: optional(
    z.object({
      model: z.string(),
      number: z.number(),
      memory: optional(z.object({ size: z.number() })),
    }),
  ),
  storage: optional(
    z.object({
      disks: optional(z.array(z.object({ capacity: z.number(), number: optional(z.number()) }))),
    }),
  ),
  os: optional(z.object({ family: optional(z.string()) })),
})

const plan = z.object({
  planCode: z.string(),
  invoiceName: z.string(),
  pricings: z.array(pricing),
  configurations: optional(z.array(z.object({ name: z.string(), values: z.array(z.string()) }))),
  blobs: z.object({
    tags: optional(z.array(z.string())),
    technical: optional(technical),
  }),
})

export type Plan = z.infer<typeof plan>

/** The catalog holds thousands of plans of volumes, databases and traffic beside the instances. */
const isOther = (row: unknown): boolean =>
  typeof row === 'object' &&
  row !== null &&
  'product' in row &&
  typeof row.product === 'string' &&
  row.product !== 'publiccloud-instance'

const instancePlans: z.ZodMiniType<LooseRows<Plan>> = z.pipe(
  z.pipe(
    z.array(z.unknown()),
    z.transform((rows: unknown[]): unknown => rows.filter((row) => !isOther(row))),
  ),
  looseRows(plan),
)

export const catalogAnswer = z.object({
  locale: z.object({ currencyCode: z.string() }),
  addons: instancePlans,
})

/** Seconds since 1970. */
export const timeAnswer = z.int()

export const availabilityAnswer = z.object({
  plans: z.array(z.object({ code: z.string(), regions: z.array(z.string()) })),
})
