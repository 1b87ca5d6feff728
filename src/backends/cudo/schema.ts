/** Cudo's machine types, in its spelling: every price is of one unit, and limits may be "Infinity". */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const price = z.object({ value: optional(z.union([z.string(), z.number()])) })

const limit = optional(z.union([z.number(), z.string()]))

const machineType = z.object({
  dataCenterId: z.string().check(z.minLength(1)),
  machineType: z.string().check(z.minLength(1)),
  gpuModel: optional(z.string()),
  gpuModelId: optional(z.string()),
  minVcpuPerMemoryGib: limit,
  maxVcpuPerMemoryGib: limit,
  minVcpuPerGpu: limit,
  maxVcpuPerGpu: limit,
  vcpuPriceHr: price,
  memoryGibPriceHr: price,
  gpuPriceHr: optional(price),
  minStorageGibPriceHr: price,
  ipv4PriceHr: price,
  maxVcpuFree: z.number(),
  maxMemoryGibFree: z.number(),
  maxGpuFree: z.number(),
  maxStorageGibFree: z.number(),
})

export const machineTypesAnswer = z.object({ machineTypes: looseRows(machineType) })

export type MachineType = z.infer<typeof machineType>
