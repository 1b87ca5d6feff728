/** Hot Aisle's machines that can be rented, in its spelling: bytes, and cents an hour. */
import * as z from 'zod/mini'
import { looseRows, optional } from '#backends/kit/wire'

const machine = z.object({
  OnDemandPrice: optional(z.number()),
  Specs: z.object({
    cpu_cores: z.number(),
    ram_capacity: z.number(),
    disk_capacity: optional(z.number()),
    cpus: optional(z.object({ model: optional(z.string()) })),
    gpus: z.array(z.object({ count: z.number(), model: z.string() })),
  }),
})

export const machinesAnswer = looseRows(machine)

export type Machine = z.infer<typeof machine>
