/** Verda's calls, each operation with a token of its own: adapters keep nothing. */
import type { CloudAnswer, CloudCall, CloudIo } from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import {
  idAnswer,
  type Instance,
  instanceAnswer,
  instancesAnswer,
  type Named,
  namedAnswer,
  tokenAnswer,
} from './schema.ts'

export type Ask = (
  method: CloudCall['method'],
  path: string,
  json?: unknown,
) => Promise<CloudAnswer>

export const authorise = async (io: CloudIo): Promise<Ask> => {
  const { id: client_id, secret: client_secret } = io.credentials
  const json = { grant_type: 'client_credentials', client_id, client_secret }
  const value = jsonOf(await io.call({ method: 'POST', path: '/v1/oauth2/token', json }))
  const { access_token: token } = readWire(tokenAnswer, value, 'verda token')
  io.keepSecret(token)
  const secretHeaders = { authorization: `Bearer ${token}` }
  return (method, path, body) => io.call({ method, path: `/v1${path}`, json: body, secretHeaders })
}

/** The bare text, or the same as JSON. */
export const readId = (answer: CloudAnswer, what: string): string => {
  const value = jsonOf(answer)
  return readWire(idAnswer, typeof value === 'string' ? value : answer.text.trim(), what)
}

/** Null where there is none. */
export const readInstance = async (ask: Ask, id: string): Promise<Instance | null> => {
  try {
    const answer = await ask('GET', `/instances/${encodeURIComponent(id)}`)
    return readWire(instanceAnswer, jsonOf(answer), 'verda instance')
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

export const readInstances = async (ask: Ask): Promise<readonly Instance[]> =>
  readWire(instancesAnswer, jsonOf(await ask('GET', '/instances')), 'verda instances')

export const readNamed = async (
  ask: Ask,
  what: 'ssh-keys' | 'scripts',
): Promise<readonly Named[]> =>
  readWire(namedAnswer, jsonOf(await ask('GET', `/${what}`)), `verda ${what}`)
