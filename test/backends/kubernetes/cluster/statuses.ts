/** The answers of an API server that are no objects: `Status`, in its own words. */
import type { FakeReply } from '../../../contract/fake-cloud.ts'
import { kinds } from './objects.ts'

/** One field that cannot be as it is. */
export interface Fault {
  readonly field: string
  readonly message: string
}

const status = (of: object): object => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, ...of })

export const refusal = (
  code: number,
  reason: string,
  message: string,
  details?: object,
): FakeReply => ({
  status: code,
  json: status({
    status: 'Failure',
    message,
    reason,
    ...(details !== undefined && { details }),
    code,
  }),
})

export const success = (code: number): FakeReply => ({
  status: code,
  json: status({ status: 'Success', code }),
})

export const deleted = (resource: string, name: string, uid: string): FakeReply => ({
  status: 200,
  json: status({ status: 'Success', details: { name, kind: resource, uid } }),
})

export const unauthorized = (): FakeReply => refusal(401, 'Unauthorized', 'Unauthorized')

export const missing = (resource: string, name: string): FakeReply =>
  refusal(404, 'NotFound', `${resource} "${name}" not found`, { name, kind: resource })

/** A path that no API has. */
export const unserved = (): FakeReply =>
  refusal(404, 'NotFound', 'the server could not find the requested resource', {})

export const alreadyThere = (resource: string, name: string): FakeReply =>
  refusal(409, 'AlreadyExists', `${resource} "${name}" already exists`, { name, kind: resource })

export const conflict = (what: string, name: string, why: string): FakeReply =>
  refusal(409, 'Conflict', `Operation cannot be fulfilled on ${what} "${name}": ${why}`, {
    name,
    kind: what,
  })

export const invalid = (resource: string, name: string, faults: readonly Fault[]): FakeReply => {
  const kind = kinds[resource] ?? resource
  const each = faults.map(({ field, message }) => `${field}: ${message}`)
  const all = each.length === 1 ? each.join('') : `[${each.join(', ')}]`
  return refusal(422, 'Invalid', `${kind} "${name}" is invalid: ${all}`, {
    name,
    kind,
    causes: faults.map(({ field, message }) => ({ reason: 'FieldValueInvalid', message, field })),
  })
}

export const undecodable = (kind: string, why: string): FakeReply =>
  refusal(400, 'BadRequest', `${kind} in version "v1" cannot be handled as a ${kind}: ${why}`)

export const unrecognized = (kind: string, text: string, why: string): FakeReply =>
  refusal(
    400,
    'BadRequest',
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${text})`,
  )

export const unknownMedia = (): FakeReply =>
  refusal(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  )

/** Somebody without credentials, who may do nothing. */
export const anonymous = (
  verb: string,
  resource: string,
  namespace: string | null,
  name: string | null,
): FakeReply => {
  const where = namespace === null ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const what = name === null ? resource : `${resource} "${name}"`
  return refusal(
    403,
    'Forbidden',
    `${what} is forbidden: User "system:anonymous" cannot ${verb} resource "${resource}" in API group "" ${where}`,
    { ...(name !== null && { name }), kind: resource },
  )
}

/** A list whose versions are gone meanwhile; `fresh` goes on with what is there now. */
export const expired = (fresh: string): FakeReply => ({
  status: 410,
  json: {
    ...status({
      status: 'Failure',
      message:
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      reason: 'Expired',
      code: 410,
    }),
    metadata: { continue: fresh },
  },
})
