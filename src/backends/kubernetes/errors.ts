/** What refusals of a Kubernetes API server mean. */
import type { Verdict } from '#domain/launch'
import { KnownError } from '#domain/errors'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

/** By the reason that a Status carries. */
const byReason: Readonly<Record<string, Ruling>> = {
  Unauthorized: ['auth', 'backend'],
  Forbidden: ['auth', 'backend'],
  Invalid: ['invalid', 'attempt'],
  BadRequest: ['invalid', 'attempt'],
  RequestEntityTooLarge: ['invalid', 'attempt'],
  UnsupportedMediaType: ['invalid', 'attempt'],
  MethodNotAllowed: ['invalid', 'attempt'],
  NotAcceptable: ['invalid', 'attempt'],
  Conflict: ['transient', 'call'],
  AlreadyExists: ['invalid', 'attempt'],
  TooManyRequests: ['rate-limited', 'call'],
  ServerTimeout: ['transient', 'call'],
  Timeout: ['transient', 'call'],
  InternalError: ['transient', 'call'],
  ServiceUnavailable: ['transient', 'call'],
  Expired: ['transient', 'call'],
}

/**
 * An admission webhook and a quota say no with the status of missing permissions; the message alone
 * tells them apart.
 */
const ruling = ({ code, message }: Refused, { during }: CallContext): Ruling | null => {
  if (/\bexceeded quota\b|\binsufficient quota\b/.test(message)) return ['quota', 'backend']
  if (/^admission webhook "[^"]+" denied the request/.test(message)) return ['invalid', 'attempt']
  if (/is forbidden: (violates PodSecurity|maximum |minimum )/.test(message))
    return ['invalid', 'attempt']
  // Of a create, it is the namespace that is missing.
  if (code === 'NotFound')
    return during === 'create' ? ['invalid', 'backend'] : ['gone', 'instance']
  return byReason[code ?? ''] ?? null
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  if (error instanceof KnownError) {
    const { message, hint, code } = error
    const isUnusable = code === 'backend-unusable'
    return {
      class: isUnusable ? 'auth' : 'unknown',
      scope: isUnusable ? 'backend' : 'attempt',
      code: null,
      message: hint === undefined ? message : `${message}: ${hint}`,
      retryAfterMs: null,
    }
  }
  return classifyRefusal(error, context, {
    read: (answer) => {
      const status = jsonOf(answer)
      return { code: textAt(status, 'reason'), message: textAt(status, 'message') ?? '' }
    },
    ruling,
    isIdempotent: true,
  })
}
