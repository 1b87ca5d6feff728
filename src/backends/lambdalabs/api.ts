/** Lambda's calls: authorised, their answers checked. Its lists have one page. */
import type { CloudCall, CloudIo } from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import {
  type Instance,
  instanceAnswer,
  instancesAnswer,
  type SshKey,
  sshKeysAnswer,
} from './schema.ts'

export const ask = async (
  io: CloudIo,
  method: CloudCall['method'],
  path: string,
  json?: unknown,
): Promise<unknown> => {
  const secretHeaders = { authorization: `Bearer ${io.credentials['key'] ?? ''}` }
  return jsonOf(await io.call({ method, path: `/api/v1${path}`, json, secretHeaders }))
}

/** Null where there is none. */
export const readInstance = async (io: CloudIo, id: string): Promise<Instance | null> => {
  try {
    const value = await ask(io, 'GET', `/instances/${encodeURIComponent(id)}`)
    return readWire(instanceAnswer, value, 'lambdalabs instance').data
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

export const readInstances = async (io: CloudIo): Promise<readonly Instance[]> =>
  readWire(instancesAnswer, await ask(io, 'GET', '/instances'), 'lambdalabs instances').data

export const readKeys = async (io: CloudIo): Promise<readonly SshKey[]> =>
  readWire(sshKeysAnswer, await ask(io, 'GET', '/ssh-keys'), 'lambdalabs keys').data
