/** The file of hosts, as its user writes it. */
import * as z from 'zod/mini'
import { BackendUnusableError } from '#domain/errors'
import { optional } from '#backends/kit/wire'

const count = z.number().check(z.int(), z.positive())

const gpu = z.object({
  name: z.string(),
  memory_gb: optional(z.number().check(z.positive())),
  count,
})

const host = z.object({
  name: z.string().check(z.regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/)),
  address: z.string().check(z.minLength(1)),
  port: optional(count),
  user: z.string().check(z.minLength(1)),
  identity_file: z.string().check(z.minLength(1)),
  host_key: optional(z.string()),
  engine_socket: optional(z.string()),
  region: optional(z.string()),
  // Up to what nano-USD can tell as a whole number.
  price: optional(z.number().check(z.nonnegative(), z.lte(9_000_000))),
  cpus: z.number().check(z.positive()),
  memory_gb: z.number().check(z.positive()),
  disk_gb: optional(z.number().check(z.positive())),
  gpu: optional(gpu),
})

const file = z.object({ hosts: z.array(host) })

export type Host = z.infer<typeof host>

/** A host is found by its name. */
const refuseTwice = (hosts: readonly Host[], path: string): readonly Host[] => {
  const names = new Set<string>()
  for (const { name } of hosts) {
    if (names.has(name)) {
      throw new BackendUnusableError(`"${path}" has two hosts of the name "${name}"`, {
        hint: 'give each its own name',
      })
    }
    names.add(name)
  }
  return hosts
}

/** Throws BackendUnusableError that names the place. */
export const readHosts = (value: unknown, path: string): readonly Host[] => {
  const read = z.safeParse(file, value)
  if (read.success) return refuseTwice(read.data.hosts, path)
  const issue = read.error.issues[0]
  throw new BackendUnusableError(
    `"${path}" is no list of hosts at "${issue?.path.join('.') ?? ''}"`,
    {
      hint: 'each host has a name, an address, a user, an identity_file, cpus and memory_gb',
    },
  )
}
