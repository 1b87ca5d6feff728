/** What a status of gRPC means to us. */
import { status } from '@grpc/grpc-js'
import {
  UpstreamCredentialsError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamUnreachableError,
} from '#domain/errors'

/** A refusal, with its status by name: `INVALID_ARGUMENT`. */
export class GrpcRefusedError extends UpstreamRefusedError {
  readonly status: string

  constructor(name: string, refusal: string) {
    super(`${name} answered gRPC ${refusal}`)
    this.status = refusal
  }
}

export interface GrpcFailure {
  readonly error: Error
  /** Whether the same call may succeed later. */
  readonly mayPass: boolean
}

const passing: ReadonlySet<status> = new Set([
  status.UNAVAILABLE,
  status.RESOURCE_EXHAUSTED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.INTERNAL,
  status.UNKNOWN,
])

/** The library says it of an answer that it has cut off itself, with the status of a throttled call. */
const isTooLarge = (code: status, details: string): boolean =>
  code === status.RESOURCE_EXHAUSTED && details.startsWith('Received message larger than max')

const errorOf = (code: status, name: string): Error => {
  const refusal = status[code] ?? String(code)
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    return new UpstreamCredentialsError(`${name} rejects the credentials (gRPC ${refusal})`, {
      hint: 'check that they are valid and may read',
    })
  }
  if (code === status.UNAVAILABLE) {
    return new UpstreamUnreachableError(`${name}: the connection failed (gRPC ${refusal})`)
  }
  if (code === status.DEADLINE_EXCEEDED) {
    return new UpstreamUnreachableError(`${name}: the answer took too long`)
  }
  return new GrpcRefusedError(name, refusal)
}

/** `details` are read, and never told: a server may put anything there. */
export const failureOfStatus = (code: status, details: string, name: string): GrpcFailure =>
  isTooLarge(code, details)
    ? { error: new UpstreamInvalidError(`${name}: the answer is too large`), mayPass: false }
    : { error: errorOf(code, name), mayPass: passing.has(code) }
