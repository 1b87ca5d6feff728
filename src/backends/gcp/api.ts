/** Compute Engine's calls for launching: authorised, in the project, their answers checked. */
import { createHash } from 'node:crypto'
import type { CloudCall, CloudIo } from '#backends/kit/cloud-io'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import { gcpAccount } from './credentials.ts'
import { OperationFailed } from './errors.ts'
import {
  type Instance,
  instanceAnswer,
  instancesAnswer,
  type Operation,
  operationAnswer,
} from './schema.ts'

export interface ComputeDoor {
  /** Of a call in the project: `path` from the slash after it on. */
  readonly ask: (call: Pick<CloudCall, 'method' | 'path' | 'query' | 'json'>) => Promise<unknown>
}

/** A token is asked for once for each door. */
export const openCompute = async (io: CloudIo): Promise<ComputeDoor> => {
  const { project, headers: secretHeaders } = await gcpAccount({
    credentials: io.credentials,
    observation: { observedAt: io.instant() },
    secretFile: (path) => io.secretFile(path),
    keepSecret: (value) => io.keepSecret(value),
    json: async ({ secretForm, ...call }) =>
      jsonOf(await io.call({ ...call, method: 'POST', form: secretForm })),
  })
  const base = `/compute/v1/projects/${encodeURIComponent(project)}`
  return {
    ask: async (call) =>
      jsonOf(
        await io.call({ ...call, host: 'compute', path: `${base}${call.path}`, secretHeaders }),
      ),
  }
}

/** Null for what is not there. */
export const askFor = async (door: ComputeDoor, path: string): Promise<unknown> => {
  try {
    return await door.ask({ method: 'GET', path })
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

export async function* instancesOf(door: ComputeDoor, filter: string): AsyncGenerator<Instance> {
  for (let token: string | null = ''; token !== null;) {
    const query = { filter, maxResults: '500', ...(token === '' ? {} : { pageToken: token }) }
    const value = await door.ask({ method: 'GET', path: '/aggregated/instances', query })
    const { items, nextPageToken } = readWire(instancesAnswer, value, 'gcp instances')
    for (const [scope, { instances, warning }] of Object.entries(items ?? {})) {
      // What a zone that does not answer holds is not known to be gone.
      if (warning !== null && warning.code !== 'NO_RESULTS_ON_PAGE') {
        throw new Error(`${scope} of gcp does not answer for its machines`)
      }
      yield* instances ?? []
    }
    token = nextPageToken || null
  }
}

export const readInstance = (value: unknown): Instance =>
  readWire(instanceAnswer, value, 'gcp instance')

/** The same attempt gives the same: a UUID that Google takes as the key of a request. */
export const requestIdOf = (attempt: string): string => {
  const hex = createHash('sha256').update(attempt).digest('hex')
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4]
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return groups.join('-')
}

const pollMs = 2000
const mostPolls = 150

/** Asks until it is done. Throws OperationFailed with what the operation says. */
export const untilDone = async (
  io: CloudIo,
  door: ComputeDoor,
  region: string,
  started: unknown,
): Promise<Operation> => {
  let operation = readWire(operationAnswer, started, 'gcp operation')
  const path = `/regions/${encodeURIComponent(region)}/operations/${encodeURIComponent(operation.name)}`
  for (let polls = 0; operation.status !== 'DONE'; polls++) {
    if (polls === mostPolls) throw new Error('the operation of gcp does not end')
    await io.sleep(pollMs)
    const value = await door.ask({ method: 'GET', path })
    operation = readWire(operationAnswer, value, 'gcp operation')
  }
  const errors = operation.error?.errors ?? []
  if (operation.error !== null) throw new OperationFailed(errors)
  return operation
}
