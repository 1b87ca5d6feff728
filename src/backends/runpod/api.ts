/** RunPod's calls: authorised, their answers checked. Its lists have one page. */
import {
  type CloudAnswer,
  type CloudCall,
  type CloudIo,
  CloudRefusal,
} from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import {
  type Pod,
  podAnswer,
  podsAnswer,
  registriesAnswer,
  type Registry,
  registryAnswer,
  rentedAnswer,
} from './schema.ts'

type Call = Pick<CloudCall, 'method' | 'path' | 'query' | 'headers' | 'json' | 'silenceMs'>

export const ask = (io: CloudIo, call: Call): Promise<CloudAnswer> => {
  const secretHeaders = { authorization: `Bearer ${io.credentials['key'] ?? ''}` }
  return io.call({ ...call, secretHeaders })
}

export interface Rented {
  readonly id: string
  readonly usdPerHour: number | null
}

export const rentByRest = async (io: CloudIo, json: unknown): Promise<Rented> => {
  const answer = await ask(io, { method: 'POST', path: '/v2/pods', json })
  const { id, cost } = readWire(podAnswer, jsonOf(answer), 'runpod pod')
  return { id, usdPerHour: cost }
}

const hasErrors = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'errors' in value

/** Errors beside a pod change nothing: it is there, and costs. */
export const rentByGraphql = async (io: CloudIo, json: unknown): Promise<Rented> => {
  const answer = await ask(io, { method: 'POST', path: '/graphql', json })
  const value = jsonOf(answer)
  const read = rentedAnswer.safeParse(value)
  if (!read.success && hasErrors(value)) throw new CloudRefusal(answer)
  const [rented] = Object.values(readWire(rentedAnswer, value, 'runpod rental').data)
  if (rented === undefined) throw new CloudRefusal(answer)
  return { id: rented.id, usdPerHour: rented.costPerHr }
}

export const podPath = (id: string): string => `/v2/pods/${encodeURIComponent(id)}`

/** Null where there is none. */
export const readPod = async (io: CloudIo, id: string): Promise<Pod | null> => {
  try {
    const answer = await ask(io, { method: 'GET', path: podPath(id) })
    return readWire(podAnswer, jsonOf(answer), 'runpod pod')
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** The most lines of before that RunPod gives. */
const tail = '5000'

/** Output of the container as server-sent events: the last lines, or all from an event on. */
export const openLogs = async (
  io: CloudIo,
  id: string,
  { from, silenceMs }: { readonly from: string | null; readonly silenceMs: number },
): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await ask(io, {
    method: 'GET',
    path: `${podPath(id)}/logs`,
    query: { source: 'container', tail },
    headers: { accept: 'text/event-stream', ...(from !== null && { 'last-event-id': from }) },
    silenceMs,
  })
  if (answer.pieces === undefined) throw new CloudRefusal(answer)
  return answer.pieces
}

export const readPods = async (io: CloudIo): Promise<readonly Pod[]> => {
  const answer = await ask(io, { method: 'GET', path: '/v2/pods' })
  return readWire(podsAnswer, jsonOf(answer), 'runpod pods').pods
}

export const readRegistries = async (io: CloudIo): Promise<readonly Registry[]> => {
  const answer = await ask(io, { method: 'GET', path: '/v2/registries' })
  return readWire(registriesAnswer, jsonOf(answer), 'runpod registries').registries
}

export const addRegistry = async (io: CloudIo, json: unknown): Promise<Registry> => {
  const answer = await ask(io, { method: 'POST', path: '/v2/registries', json })
  return readWire(registryAnswer, jsonOf(answer), 'runpod registry')
}
