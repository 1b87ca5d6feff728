/** What failures of a Docker-compatible engine mean. One table for Docker and Podman. */
import { AcceleratorNotGiven } from './engine-accelerators.ts'
import { PullRefused, RegistryRefused } from './engine-pull.ts'
import { NoEngine } from './engine.ts'
import type { FailureClass, FailureScope, Verdict } from '#domain/launch'
import type { CallContext } from './provisioner.ts'

type Ruling = readonly [FailureClass, FailureScope]

/** Engines answer 500 to much: their words decide. The first that fits. */
const byWords: readonly (readonly [RegExp, ...Ruling])[] = [
  [/could not select device driver|unresolvable CDI|no known GPU vendor/i, 'invalid', 'attempt'],
  [/error gathering device information|no such device/i, 'invalid', 'attempt'],
  [/toomanyrequests|too many requests|rate limit/i, 'rate-limited', 'call'],
  [
    /unauthorized|denied|authentication required|no basic auth|incorrect username/i,
    'invalid',
    'attempt',
  ],
  [
    /manifest unknown|not found|no such image|invalid reference|repository name/i,
    'invalid',
    'attempt',
  ],
  [
    /executable file|exec format|permission denied|no such file or directory/i,
    'invalid',
    'attempt',
  ],
  [/no space left|disk quota/i, 'no-capacity', 'offer'],
  [/cannot allocate memory|out of memory/i, 'no-capacity', 'offer'],
  // The engine chooses the port itself, so that the next call gets another one.
  [/port is already allocated|address already in use/i, 'transient', 'call'],
  [
    /timeout|no such host|connection refused|connection reset|temporary failure|EOF/i,
    'transient',
    'call',
  ],
]

const byStatus = (status: number, during: CallContext['during']): Ruling => {
  if (status === 404) return during === 'create' ? ['invalid', 'attempt'] : ['gone', 'instance']
  if (status === 400) return ['invalid', 'attempt']
  if (status === 401 || status === 403) return ['auth', 'backend']
  if (status === 503) return ['transient', 'call']
  return ['unknown', 'attempt']
}

const verdict = ([failureClass, scope]: Ruling, code: string | null, message: string): Verdict => ({
  class: failureClass,
  scope,
  code,
  message,
  retryAfterMs: null,
})

const neverSent: ReadonlySet<string> = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
])
const lost: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'])

const property = (error: Error, name: string): unknown => Reflect.get(error, name)

/** Null for what comes from elsewhere. */
export const classifyEngine = (error: unknown, { during }: CallContext): Verdict | null => {
  if (error instanceof NoEngine) return verdict(['transient', 'backend'], null, error.message)
  if (error instanceof RegistryRefused) return verdict(['auth', 'attempt'], null, error.message)
  if (error instanceof AcceleratorNotGiven) {
    return verdict(['invalid', 'attempt'], 'gpu-not-given', error.message)
  }
  if (!(error instanceof Error)) return null
  const status = property(error, 'statusCode')
  if (error instanceof PullRefused || typeof status === 'number') {
    const told = byWords.find(([words]) => words.test(error.message))
    const code = typeof status === 'number' ? String(status) : null
    const ruling: Ruling =
      told === undefined
        ? typeof status === 'number'
          ? byStatus(status, during)
          : ['unknown', 'attempt']
        : [told[1], told[2]]
    const isMissing = status === 404 && during !== 'create'
    return verdict(isMissing ? ['gone', 'instance'] : ruling, code, error.message)
  }
  const told = property(error, 'code')
  const code = typeof told === 'string' ? told : ''
  if (code === 'EACCES') {
    return verdict(['auth', 'backend'], code, 'this user may not speak to the container engine')
  }
  if (neverSent.has(code)) {
    return verdict(['transient', 'backend'], code, 'the container engine does not answer')
  }
  if (!lost.has(code)) return null
  const ruling: Ruling = during === 'create' ? ['ambiguous', 'attempt'] : ['transient', 'call']
  return verdict(ruling, code, 'the container engine broke off')
}
