/** RunPod's GraphQL answers, in its spelling. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const machine = z.object({
  id: z.string(),
  displayName: optional(z.string()),
  manufacturer: optional(z.string()),
  memoryInGb: z.number(),
  maxGpuCount: optional(z.number()),
  maxGpuCountCommunityCloud: optional(z.number()),
  maxGpuCountSecureCloud: optional(z.number()),
})

const location = z.object({ id: z.string(), listed: optional(z.boolean()) })

const flavor = z.object({
  id: z.string(),
  minVcpu: z.number(),
  maxVcpu: z.number(),
  ramMultiplier: z.number(),
  diskLimitPerVcpu: optional(z.number()),
})

/** Errors come with status 200, and may come beside data. */
const errors = z.optional(z.nullable(z.array(z.unknown())))

export const overviewAnswer = z.object({
  errors,
  data: z.object({
    gpuTypes: looseRows(machine),
    dataCenters: looseRows(location),
    countryCodes: z.array(z.string()),
    cpuFlavors: looseRows(flavor),
  }),
})

export type GpuType = z.infer<typeof machine>
export type CpuMachine = z.infer<typeof flavor>

/** What one accelerator of a type costs at a place. Everything is null where there is none. */
const lowestPrice = z.object({
  minimumBidPrice: optional(z.number()),
  uninterruptablePrice: optional(z.number()),
  minVcpu: optional(z.number()),
  minMemory: optional(z.number()),
  stockStatus: optional(z.string()),
})

export type LowestPrice = z.infer<typeof lowestPrice>

/** Places are aliases of one field, so an answer says itself which place it is of. */
export const pricesAnswer = (aliases: readonly string[]) =>
  z.object({
    errors,
    data: z.object({
      gpuTypes: looseRows(
        z.object({
          id: z.string(),
          ...Object.fromEntries(aliases.map((alias) => [alias, optional(lowestPrice)])),
        }),
      ),
    }),
  })

const specifics = z.object({
  stockStatus: optional(z.string()),
  securePrice: optional(z.number()),
})

export type Specifics = z.infer<typeof specifics>

export const cpuPricesAnswer = (aliases: readonly string[]) =>
  z.object({
    errors,
    data: z.object({
      cpuFlavors: looseRows(
        z.object({
          id: z.string(),
          ...Object.fromEntries(aliases.map((alias) => [alias, optional(specifics)])),
        }),
      ),
    }),
  })

export const lowestPriceOf = (row: Readonly<Record<string, unknown>>, alias: string) => {
  const read = z.safeParse(lowestPrice, row[alias])
  return read.success ? read.data : null
}

export const specificsOf = (row: Readonly<Record<string, unknown>>, alias: string) => {
  const read = z.safeParse(specifics, row[alias])
  return read.success ? read.data : null
}

const portMapping = z.object({
  private: optional(z.number()),
  public: optional(z.number()),
  type: optional(z.string()),
  ip: optional(z.string()),
})

/** A pod as REST shows it. */
const pod = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  cost: optional(z.number()),
  env: optional(z.record(z.string(), z.string())),
  runtime: optional(z.object({ ports: optional(z.array(portMapping)) })),
})

export const podAnswer = pod
export const podsAnswer = z.object({ pods: z.array(pod) })

export type Pod = z.infer<typeof pod>

/** What a mutation has made: the field has the name of the mutation. */
export const rentedAnswer = z.object({
  data: z.record(z.string(), z.object({ id: z.string(), costPerHr: optional(z.number()) })),
})

const registry = z.object({ id: z.string(), name: z.string() })

export const registryAnswer = registry
export const registriesAnswer = z.object({ registries: z.array(registry) })

export type Registry = z.infer<typeof registry>

const logEvent = z.object({ line: z.string() })

/** The line that an event of the log tells; null for what is none. */
export const logLineIn = (data: string): string | null => {
  try {
    const read = z.safeParse(logEvent, JSON.parse(data) as unknown)
    return read.success ? read.data.line : null
  } catch {
    return null
  }
}
