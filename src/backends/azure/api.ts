/** Azure's calls for launching: authorised, their answers checked, lists read to the last page. */
import type { CloudAnswer, CloudCall, CloudIo } from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import { openAccount, queryOf } from './account.ts'
import { NeverReady } from './errors.ts'
import { contentsOf, machinesOf, type Place } from './places.ts'
import {
  type Content,
  contentsAnswer,
  machinesAnswer,
  type Resource,
  resourceAnswer,
  type VirtualMachine,
} from './schema.ts'

interface Asked extends Pick<CloudCall, 'method' | 'query' | 'headers' | 'json'> {
  readonly place: Place
}

export interface AzureDoor {
  /** Of the subscription, below the host. */
  readonly home: string
  /** Of places below the host: see `ofSubscription`. */
  ask(asked: Asked): Promise<CloudAnswer>
  sleep(delayMs: number): Promise<void>
}

/** One token for each door. */
export const openAzure = async (io: CloudIo): Promise<AzureDoor> => {
  const account = await openAccount({
    credentials: io.credentials,
    keepSecret: (value) => io.keepSecret(value),
    json: async ({ secretForm, ...call }) =>
      jsonOf(await io.call({ ...call, method: 'POST', form: secretForm })),
  })
  if (account === null) throw new Error('there are no credentials of Azure')
  const { subscription, secretHeaders } = account
  return {
    home: `/subscriptions/${encodeURIComponent(subscription)}`,
    sleep: (delayMs) => io.sleep(delayMs),
    ask: ({ place: { path, version }, query, ...call }) =>
      io.call({
        ...call,
        host: 'management',
        path,
        query: { ...query, 'api-version': version },
        secretHeaders,
      }),
  }
}

export const ofSubscription = ({ home }: AzureDoor, { path, version }: Place): Place => ({
  path: `${home}${path}`,
  version,
})

/** Null where there is none. */
export const readPlace = async (
  door: AzureDoor,
  place: Place,
  query: Readonly<Record<string, string>> = {},
): Promise<CloudAnswer | null> => {
  try {
    return await door.ask({ method: 'GET', place, query })
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

interface Page<T> {
  readonly value: readonly T[]
  readonly nextLink: string | null
}

async function* rowsOf<T>(
  door: AzureDoor,
  place: Place,
  read: (value: unknown) => Page<T>,
): AsyncGenerator<T> {
  let query: Readonly<Record<string, string>> = {}
  for (;;) {
    const page = await readPlace(door, place, query)
    if (page === null) return
    const { value, nextLink } = read(jsonOf(page))
    yield* value
    if (!nextLink) return
    const next = queryOf(nextLink)
    if (JSON.stringify(next) === JSON.stringify(query)) throw new Error('azure list: it never ends')
    query = next
  }
}

export const machinesIn = (door: AzureDoor, owner: string): AsyncGenerator<VirtualMachine> =>
  rowsOf(door, ofSubscription(door, machinesOf(owner)), (value) =>
    readWire(machinesAnswer, value, 'azure machines'),
  )

/** Everything that is in a group, of whatever kind. */
export const contentsIn = (door: AzureDoor, group: string): AsyncGenerator<Content> =>
  rowsOf(door, ofSubscription(door, contentsOf(group)), (value) =>
    readWire(contentsAnswer, value, 'azure resources of a group'),
  )

export const readResource = async (door: AzureDoor, place: Place): Promise<Resource | null> => {
  const answer = await readPlace(door, place)
  return answer === null ? null : readWire(resourceAnswer, jsonOf(answer), 'azure resource')
}

const mostReads = 40
const usualDelayMs = 2000

const delayOf = ({ headers }: CloudAnswer): number => {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return seconds > 0 && seconds <= 60 ? seconds * 1000 : usualDelayMs
}

/** What is made in the background: asked for again, as seldom as Azure wants, until it is there. */
export const untilReady = async (
  door: AzureDoor,
  place: Place,
  first: CloudAnswer,
): Promise<Resource> => {
  let answer: CloudAnswer = first
  for (let reads = 0; reads < mostReads; reads++) {
    const resource = readWire(resourceAnswer, jsonOf(answer), 'azure resource')
    const { provisioningState: state } = resource.properties
    if (state === 'Succeeded') return resource
    if (state === 'Failed' || state === 'Canceled') break
    await door.sleep(delayOf(answer))
    answer = await door.ask({ method: 'GET', place })
  }
  throw new NeverReady(place.path.split('/').at(-2) ?? 'resource')
}
