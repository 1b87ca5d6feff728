/** Vultr's calls: authorised, their answers checked, lists read to the last cursor. */
import type { CloudCall, CloudIo } from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import {
  bareMetalAnswer,
  bareMetalsAnswer,
  type Firewall,
  firewallsAnswer,
  instanceAnswer,
  instancesAnswer,
  type Machine,
} from './schema.ts'

/** Virtual machines and whole ones are asked for at two places. */
export type Kind = 'instances' | 'bare-metals'

type Query = Readonly<Record<string, string>>

export const ask = async (
  io: CloudIo,
  call: Pick<CloudCall, 'method' | 'path' | 'query' | 'json'>,
): Promise<unknown> => {
  const secretHeaders = { authorization: `Bearer ${io.credentials['key'] ?? ''}` }
  return jsonOf(await io.call({ ...call, path: `/v2${call.path}`, secretHeaders }))
}

export const readMachine = (kind: Kind, value: unknown): Machine =>
  kind === 'instances'
    ? readWire(instanceAnswer, value, 'vultr instance').instance
    : readWire(bareMetalAnswer, value, 'vultr bare-metal machine').bare_metal

/** Null where there is none. */
export const findMachine = async (io: CloudIo, kind: Kind, id: string): Promise<Machine | null> => {
  try {
    const path = `/${kind}/${encodeURIComponent(id)}`
    return readMachine(kind, await ask(io, { method: 'GET', path }))
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

interface Page<T> {
  readonly rows: readonly T[]
  readonly next: string
}

async function* pages<T>(
  io: CloudIo,
  path: string,
  query: Query,
  read: (value: unknown) => Page<T>,
): AsyncGenerator<T> {
  for (let cursor = ''; ;) {
    const at = cursor === '' ? {} : { cursor }
    const value = await ask(io, {
      method: 'GET',
      path,
      query: { ...query, per_page: '500', ...at },
    })
    const { rows, next } = read(value)
    yield* rows
    if (next === '' || next === cursor) return
    cursor = next
  }
}

const readMachines = (kind: Kind, value: unknown): Page<Machine> => {
  if (kind === 'instances') {
    const { instances, meta } = readWire(instancesAnswer, value, 'vultr instances')
    return { rows: instances, next: meta.links?.next ?? '' }
  }
  const { bare_metals: rows, meta } = readWire(bareMetalsAnswer, value, 'vultr bare metal')
  return { rows, next: meta.links?.next ?? '' }
}

export const machines = (io: CloudIo, kind: Kind, query: Query): AsyncGenerator<Machine> =>
  pages(io, `/${kind}`, query, (value) => readMachines(kind, value))

/** Descriptions are not unique: two launches at once may have made one each. */
export const firewallsOf = async (
  io: CloudIo,
  description: string,
): Promise<readonly Firewall[]> => {
  const found: Firewall[] = []
  const all = pages(io, '/firewalls', {}, (value) => {
    const { firewall_groups: rows, meta } = readWire(firewallsAnswer, value, 'vultr firewalls')
    return { rows, next: meta.links?.next ?? '' }
  })
  for await (const firewall of all) {
    if (firewall.description === description) found.push(firewall)
  }
  return found
}
