/** JarvisLabs' answer, in its spelling: figures are of one accelerator, and some are texts. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const decimal = /^\s*-?\d+(\.\d+)?\s*$/

/** `8` or `"8"`. */
const figure = z.pipe(
  z.union([z.number(), z.string().check(z.regex(decimal))]),
  z.transform(Number),
)

const price = optional(z.union([z.number(), z.string()]))

const pool = z.object({
  gpu_type: z.string().check(z.minLength(1)),
  region: z.string().check(z.minLength(1)),
  /** The most accelerators of a machine. */
  num_gpus: optional(figure),
  num_free_devices: optional(figure),
  effective_num_free_devices: optional(figure),
  price_per_hour: price,
  vram: optional(figure),
  cpus_per_gpu: figure,
  ram_per_gpu: figure,
  workload_type: optional(z.string()),
})

const cpuPlan = z.object({
  vcpus: figure,
  ram_gb: figure,
  price,
  available: optional(z.boolean()),
  regions: optional(z.record(z.string(), z.nullable(z.boolean()))),
})

export const serverMetaAnswer = z.object({
  server_meta: looseRows(pool),
  cpu_meta: optional(z.object({ combinations: optional(looseRows(cpuPlan)) })),
  currency: optional(z.string()),
})

/** A failure that comes with status 200; `sucess` is its own spelling. */
export const failure = z.object({
  sucess: z.optional(z.boolean()),
  success: z.optional(z.boolean()),
})

export type Pool = z.infer<typeof pool>
export type CpuPlan = z.infer<typeof cpuPlan>
