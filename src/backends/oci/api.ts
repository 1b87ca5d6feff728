/** Oracle's calls for launching: signed, their answers checked, lists read to the last page. */
import {
  type CloudAnswer,
  type CloudCall,
  type CloudIo,
  CloudRefusal,
} from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import { openAccount } from './credentials.ts'
import { codeOf, RuledFailure } from './errors.ts'
import { type Instance, instancesAnswer, type Shape, subscriptionsAnswer } from './schema.ts'
import { httpDate, signatureHeaders } from './signature.ts'

interface Asked extends Pick<CloudCall, 'method' | 'path' | 'query' | 'json'> {
  readonly region: string
  /** The service; `iaas` where absent. */
  readonly host?: 'iaas' | 'identity'
  /** Keeps what is made from being made twice, for a day. */
  readonly token?: string
}

export interface OciDoor {
  readonly tenancy: string
  readonly compartment: string
  readonly home: string
  ask(asked: Asked): Promise<CloudAnswer>
  sleep(delayMs: number): Promise<void>
}

const version = '/20160918'

export const openOci = (io: CloudIo): OciDoor => {
  const { key, ...account } = openAccount(io)
  return {
    ...account,
    sleep: (delayMs) => io.sleep(delayMs),
    ask: ({ host = 'iaas', path, token, ...call }) =>
      io.call({
        ...call,
        host,
        path: `${version}${path}`,
        ...(token === undefined ? {} : { headers: { 'opc-retry-token': token } }),
        sign: (unsigned) => signatureHeaders(unsigned, key, httpDate(unsigned.instant)),
      }),
  }
}

export const readOne = <T>(shape: Shape<T>, answer: CloudAnswer, what: string): T =>
  readWire(shape, jsonOf(answer), `oci ${what}`)

/** Rows of every page. */
export async function* rowsOf<T>(
  door: OciDoor,
  asked: Omit<Asked, 'method'>,
  shape: Shape<readonly T[]>,
): AsyncGenerator<T> {
  for (let page: string | null = ''; page !== null;) {
    const query = page === '' ? asked.query : { ...asked.query, page }
    const answer = await door.ask({ ...asked, method: 'GET', ...(query && { query }) })
    yield* readOne(shape, answer, asked.path)
    const next: string | null = answer.headers['opc-next-page'] || null
    if (next === page) throw new Error(`oci ${asked.path}: the list never ends`)
    page = next
  }
}

export const allOf = async <T>(rows: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

export const isRefusedAs = (error: unknown, code: string): boolean =>
  error instanceof CloudRefusal && codeOf(error.answer) === code

/** Regions that the tenancy may use. */
export const openRegions = async (door: OciDoor): Promise<readonly string[]> => {
  const { tenancy, home } = door
  const path = `/tenancies/${encodeURIComponent(tenancy)}/regionSubscriptions`
  const answer = await door.ask({ method: 'GET', host: 'identity', region: home, path })
  return readOne(subscriptionsAnswer, answer, 'subscriptions')
    .filter(({ status }) => status === 'READY')
    .map(({ regionName }) => regionName)
}

export const instancesIn = (door: OciDoor, region: string): AsyncGenerator<Instance> =>
  rowsOf(
    door,
    { region, path: '/instances', query: { compartmentId: door.compartment, limit: '100' } },
    instancesAnswer,
  )

/** Whoever may list machines would see this one. */
const provesRights = async (door: OciDoor, region: string): Promise<void> => {
  const query = { compartmentId: door.compartment, limit: '1' }
  try {
    await door.ask({ method: 'GET', region, path: '/instances', query })
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new RuledFailure('the user may not see machines of the compartment', ['auth', 'backend'])
  }
}

/** Null where there is none. Not found is what Oracle answers without the rights as well. */
export const readInstanceAt = async (
  door: OciDoor,
  region: string,
  id: string,
): Promise<CloudAnswer | null> => {
  try {
    return await door.ask({ method: 'GET', region, path: `/instances/${encodeURIComponent(id)}` })
  } catch (error) {
    if (!isNotFound(error)) throw error
    await provesRights(door, region)
    return null
  }
}
