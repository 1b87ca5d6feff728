/** Vast.ai's calls: authorised, their answers checked, lists read to the last page. */
import {
  type CloudAnswer,
  type CloudCall,
  type CloudIo,
  CloudRefusal,
} from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import { classify } from './errors.ts'
import {
  type Instance,
  instanceAnswer,
  instancesAnswer,
  type Quote,
  quotesAnswer,
  rentedAnswer,
} from './schema.ts'

/** The most that a page holds. */
const perPage = '25'

export const ask = (
  io: CloudIo,
  call: Pick<CloudCall, 'method' | 'path' | 'query' | 'json'>,
): Promise<CloudAnswer> => {
  const secretHeaders = { authorization: `Bearer ${io.credentials['key'] ?? ''}` }
  return io.call({ ...call, secretHeaders })
}

/** What the ask costs now; null where it is there no more. */
export const readQuote = async (io: CloudIo, id: string, json: unknown): Promise<Quote | null> => {
  const answer = await ask(io, { method: 'POST', path: '/api/v0/bundles/', json })
  const { offers } = readWire(quotesAnswer, jsonOf(answer), 'vastai quote')
  return offers.find((offer) => String(offer.id) === id) ?? null
}

/** The number of the contract. A refusal may come with status 200. */
export const rent = async (io: CloudIo, id: string, json: unknown): Promise<string> => {
  const path = `/api/v0/asks/${encodeURIComponent(id)}/`
  const answer = await ask(io, { method: 'PUT', path, json })
  const rented = rentedAnswer.safeParse(jsonOf(answer))
  if (!rented.success) throw new CloudRefusal(answer)
  return String(rented.data.new_contract)
}

export const instancePath = (id: string): string => `/api/v0/instances/${encodeURIComponent(id)}/`

/** A wrong key is told by the same status as an instance that is not there. */
const isGone = (error: unknown): boolean =>
  isNotFound(error) && classify(error, { during: 'observe', spot: false }).class === 'gone'

/** Null where there is none. */
export const readInstance = async (io: CloudIo, id: string): Promise<Instance | null> => {
  try {
    const answer = await ask(io, { method: 'GET', path: instancePath(id) })
    return readWire(instanceAnswer, jsonOf(answer), 'vastai instance').instances
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

export async function* instances(io: CloudIo): AsyncGenerator<Instance> {
  let token: string | null = null
  do {
    const query: Readonly<Record<string, string>> =
      token === null ? { limit: perPage } : { limit: perPage, after_token: token }
    const answer = await ask(io, { method: 'GET', path: '/api/v1/instances/', query })
    const page = readWire(instancesAnswer, jsonOf(answer), 'vastai instances')
    yield* page.instances
    token = page.next_token
  } while (token)
}
