/** Google's answers and credential files, in their spelling. Sizes are MiB, prices units and nanos. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const filled = z.string().check(z.minLength(1))

/** A zone is told by name, or by an address that ends in it. */
const zone = z.pipe(
  filled,
  z.transform((text) => text.slice(text.lastIndexOf('/') + 1)),
)

export const tokenAnswer = z.object({ access_token: filled })

const serviceAccount = z.object({
  type: z.literal('service_account'),
  client_email: filled,
  private_key: filled,
  project_id: optional(z.string()),
})

const authorizedUser = z.object({
  type: z.literal('authorized_user'),
  client_id: filled,
  client_secret: filled,
  refresh_token: filled,
  quota_project_id: optional(z.string()),
})

const credentialsFile = z.union([serviceAccount, authorizedUser])

export type GoogleCredentials = z.infer<typeof credentialsFile>

/** Null for a file of another kind. */
export const readCredentials = (value: unknown): GoogleCredentials | null => {
  const read = z.safeParse(credentialsFile, value)
  return read.success ? read.data : null
}

const money = z.object({
  currencyCode: z.string(),
  units: z.union([z.string(), z.number()]),
  nanos: z.number(),
})

const sku = z.object({
  description: z.string(),
  category: z.object({ resourceFamily: z.string(), usageType: z.string() }),
  serviceRegions: z.array(z.string()),
  pricingInfo: z.array(
    z.object({
      pricingExpression: z.object({
        usageUnit: z.string(),
        tieredRates: z.array(z.object({ unitPrice: money })),
      }),
    }),
  ),
})

export const skusAnswer = z.object({
  skus: looseRows(sku),
  nextPageToken: optional(z.string()),
})

const machineType = z.object({
  name: filled,
  zone,
  guestCpus: z.number(),
  memoryMb: z.number(),
  architecture: optional(z.string()),
  deprecated: optional(z.object({ state: optional(z.string()) })),
  accelerators: optional(
    z.array(z.object({ guestAcceleratorType: z.string(), guestAcceleratorCount: z.number() })),
  ),
  bundledLocalSsds: optional(z.object({ partitionCount: optional(z.number()) })),
})

const acceleratorType = z.object({
  name: filled,
  zone,
  maximumCardsPerInstance: optional(z.number()),
})

const scopesOf = <Scope>(scope: z.ZodMiniType<Scope>) =>
  z.object({
    items: optional(z.record(z.string(), scope)),
    nextPageToken: optional(z.string()),
  })

const warning = optional(z.object({ code: optional(z.string()) }))

/** By zone; a zone without rows on this page says so in a warning. */
export const machineTypesAnswer = scopesOf(
  z.object({ machineTypes: optional(looseRows(machineType)), warning }),
)
export const acceleratorTypesAnswer = scopesOf(
  z.object({ acceleratorTypes: optional(looseRows(acceleratorType)), warning }),
)

export const locationsAnswer = z.object({
  locations: optional(z.array(z.object({ locationId: filled }))),
  nextPageToken: optional(z.string()),
})

const tpuType = z.object({ type: filled })

export const tpuTypesAnswer = z.object({
  acceleratorTypes: optional(looseRows(tpuType)),
  nextPageToken: optional(z.string()),
})

const instance = z.object({
  name: filled,
  status: filled,
  zone,
  labels: optional(z.record(z.string(), z.string())),
  labelFingerprint: optional(z.string()),
  networkInterfaces: optional(
    z.array(
      z.object({ accessConfigs: optional(z.array(z.object({ natIP: optional(z.string()) }))) }),
    ),
  ),
})

export const instanceAnswer = instance

export const instancesAnswer = scopesOf(
  z.object({ instances: optional(z.array(instance)), warning }),
)

const failure = z.object({ code: optional(z.string()), message: optional(z.string()) })

export const operationAnswer = z.object({
  name: filled,
  status: filled,
  error: optional(z.object({ errors: optional(z.array(failure)) })),
  instancesBulkInsertOperationMetadata: optional(
    z.object({
      perLocationStatus: optional(
        z.record(z.string(), z.object({ createdVmCount: optional(z.number()) })),
      ),
    }),
  ),
})

export const operationsAnswer = z.object({
  items: optional(z.array(z.object({ targetLink: optional(z.string()) }))),
})

export type Instance = z.infer<typeof instance>
export type Operation = z.infer<typeof operationAnswer>
export type Sku = z.infer<typeof sku>
export type MachineType = z.infer<typeof machineType>
export type AcceleratorType = z.infer<typeof acceleratorType>
export type TpuType = z.infer<typeof tpuType>
