/** The plan as a file. Every object is closed and every key required. */
import * as z from 'zod/mini'
import { gpuVendors } from '#domain/gpu'
import type { NormalizedConfiguration } from './plan.ts'
import { rankOrder } from './rank-order.ts'

const said = (description: string) => z.meta({ description })

const normalized = z
  .custom<NormalizedConfiguration>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  .check(z.meta({ type: 'object', description: 'The file without shorthands, secrets masked.' }))
const count = z.int().check(z.nonnegative())
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const amount = z
  .string()
  .check(z.regex(/^\d+(\.\d+)?$/), said('An exact decimal; null for an unknown price.'))
const time = z
  .string()
  .check(
    z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
    said('RFC 3339, UTC.'),
  )
const names = z.nullable(z.array(z.string()))
const range = z
  .strictObject({ min: z.nullable(z.number()), max: z.nullable(z.number()) })
  .check(said('Both ends inclusive; null leaves an end open.'))

const price = z.strictObject({
  amount: z.nullable(amount),
  currency: z.literal('USD'),
  per: z.literal('instance_hour'),
})

const gpuDemand = z.strictObject({
  names,
  vendors: z.nullable(z.array(z.enum(gpuVendors))),
  count: range,
  memory_mib: z.nullable(range),
  total_memory_mib: z.nullable(range),
  compute_capability: z.nullable(z.string().check(z.regex(/^\d{1,4}\.\d{1,4}$/))),
})

const requirements = z.strictObject({
  cpus: range,
  memory_mib: range,
  disk_mib: z.nullable(range),
  gpu: z.nullable(gpuDemand),
  spot: z.nullable(z.boolean()).check(said('Null for either.')),
  max_price: z.nullable(price),
  backends: names,
  regions: names,
  instance_types: names,
})

const attempt = z.strictObject({
  rank: z.int().check(z.positive()),
  id: z
    .string()
    .check(said('backend/region/instance_type/spot or on-demand; ? for an unknown region.')),
  backend: z.string(),
  region: z.nullable(z.string()),
  zone: z.null(),
  instance_type: z.string(),
  cpus: z.number().check(z.positive()),
  memory_mib: count,
  gpu: z.nullable(
    z.strictObject({
      name: z.string(),
      vendor: z.enum(gpuVendors),
      count: z.int().check(z.positive()),
      memory_mib: count,
    }),
  ),
  disk_mib: z.nullable(count).check(said('A disk that comes with the machine.')),
  spot: z.boolean(),
  price,
  availability: z.enum(['unknown', 'none', 'low', 'medium', 'high']),
  source: z.string(),
  observed_at: time,
})

const bound = z.strictObject({
  available: z.boolean(),
  price: z.nullable(amount),
  backend: z.string(),
  instance_type: z.string(),
  spot: z.boolean(),
  region: z.nullable(z.string()),
})

const certificate = z.strictObject({
  order: z
    .array(z.enum(rankOrder))
    .check(
      said(
        'The keys that offers are sorted by, first to last: available before out of stock; price, unknown last; backend in the order of the catalog; instance type and region by code units; on-demand before spot; an unknown region first.',
      ),
    ),
  requirements_digest: sha256.check(said('sha256 of the canonical requirements.')),
  catalog_digest: sha256,
  overlay_digest: z.nullable(sha256),
  considered: count.check(said('Offers in the catalog.')),
  matched: count.check(said('Offers that meet the requirements.')),
  limit: count.check(said('Offers asked for; 0 for all.')),
  shown: count.check(said('Offers listed: the first of those that match.')),
  bound: z
    .nullable(bound)
    .check(
      said('The keys of the last offer listed: whatever matches and ranks before it is listed.'),
    ),
})

const ends = z
  .strictObject({ min: z.nullable(amount), max: z.nullable(amount) })
  .check(said('Over the attempts of known price; null where there is none.'))

/** What `dstack-offers plan` writes. */
export const planSchema = z.strictObject({
  format_version: z.literal('1.0'),
  kind: z.literal('plan'),
  digest: sha256.check(said('sha256 of the canonical plan with this text empty.')),
  tool: z.strictObject({ name: z.literal('dstack-offers'), version: z.string() }),
  configuration: z.nullable(
    z.strictObject({
      digest: sha256.check(said('sha256 of the canonical normalized configuration.')),
      normalized,
    }),
  ),
  requirements,
  replicas: z
    .strictObject({ min: count, max: count })
    .check(said('Machines of one kind: replicas of a service, nodes of a task.')),
  catalog: z.strictObject({ digest: sha256 }),
  overlay: z.nullable(z.strictObject({ digest: sha256 })),
  price_range: z.strictObject({
    replica: ends,
    all_replicas: ends,
    unknown_prices: count.check(said('Attempts of unknown price, in neither range.')),
    currency: z.literal('USD'),
    per: z.literal('hour'),
  }),
  attempts: z.array(attempt).check(said('In the order to try them in.')),
  certificate,
})

export type PlanDocument = z.infer<typeof planSchema>
export type AttemptDocument = PlanDocument['attempts'][number]
export type RequirementsDocument = PlanDocument['requirements']
export type CertificateDocument = PlanDocument['certificate']
