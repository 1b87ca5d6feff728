/** What failures on the way to a host, and on it, mean. */
import { KnownError } from '#domain/errors'
import type { FailureClass, FailureScope, Verdict } from '#domain/launch'
import { classifyEngine } from '#backends/kit/engine-errors'
import type { CallContext } from '#backends/kit/provisioner'
import { unknownFailure } from '#backends/kit/unknown-failure'
import { SshFailure } from '#platform/ssh'
import { HostTaken } from './lock.ts'

/** Nothing has happened on a host that was not reached: the next one is tried. */
const ofCreate: Readonly<Record<SshFailure['kind'], readonly [FailureClass, FailureScope]>> = {
  unreachable: ['no-capacity', 'offer'],
  'host-key': ['forbidden', 'offer'],
  login: ['forbidden', 'offer'],
  'no-engine': ['forbidden', 'offer'],
}

const verdict = (
  [failureClass, scope]: readonly [FailureClass, FailureScope],
  code: string | null,
  message: string,
): Verdict => ({ class: failureClass, scope, code, message, retryAfterMs: null })

const ofKnown = ({ code, message, hint }: KnownError): Verdict => {
  const words = hint === undefined ? message : `${message}: ${hint}`
  const isUnusable = code === 'backend-unusable'
  return verdict(isUnusable ? ['auth', 'backend'] : ['unknown', 'attempt'], null, words)
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  if (error instanceof HostTaken) return verdict(['no-capacity', 'offer'], null, error.message)
  if (error instanceof SshFailure) {
    const isRead = context.during !== 'create' && error.kind === 'unreachable'
    return verdict(isRead ? ['transient', 'call'] : ofCreate[error.kind], error.kind, error.message)
  }
  if (error instanceof KnownError) return ofKnown(error)
  return classifyEngine(error, context) ?? unknownFailure(error)
}
