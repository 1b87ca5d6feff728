/** Refusals of Compute Engine: reasons of an answer, and codes of an operation that failed. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { Verdict } from '#domain/launch'
import type { CloudAnswer } from '#backends/kit/cloud-io'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

/** By code alone: a code that a message merely mentions is none. */
const rulings: Readonly<Record<string, Ruling>> = {
  ZONE_RESOURCE_POOL_EXHAUSTED: ['no-capacity', 'type-zone'],
  ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS: ['no-capacity', 'type-zone'],
  RESOURCE_POOL_EXHAUSTED: ['no-capacity', 'type-zone'],
  REGION_RESOURCE_POOL_EXHAUSTED: ['no-capacity', 'type-region'],
  GPU_STOCKOUT: ['no-capacity', 'type-zone'],
  insufficientCapacity: ['no-capacity', 'type-zone'],
  UNSUPPORTED_OPERATION: ['no-capacity', 'type-zone'],
  IP_SPACE_EXHAUSTED: ['no-capacity', 'zone'],
  IP_SPACE_EXHAUSTED_WITH_DETAILS: ['no-capacity', 'zone'],
  PERMISSION_DENIED: ['auth', 'backend'],
  IAM_PERMISSION_DENIED: ['auth', 'backend'],
  forbidden: ['auth', 'backend'],
  accessNotConfigured: ['auth', 'backend'],
  SERVICE_DISABLED: ['auth', 'backend'],
  invalid_grant: ['auth', 'backend'],
  invalid_client: ['auth', 'backend'],
  unauthorized_client: ['auth', 'backend'],
  BILLING_DISABLED: ['balance', 'backend'],
  billingNotEnabled: ['balance', 'backend'],
  // A policy of the organization.
  CONDITION_NOT_MET: ['forbidden', 'backend'],
  VPC_NOT_FOUND: ['invalid', 'attempt'],
  invalid: ['invalid', 'attempt'],
  badRequest: ['invalid', 'attempt'],
  required: ['invalid', 'attempt'],
  RESOURCE_NOT_READY: ['transient', 'zone'],
  resourceNotReady: ['transient', 'zone'],
  resourceInUseByAnotherResource: ['transient', 'call'],
  backendError: ['transient', 'call'],
  RESOURCE_OPERATION_RATE_EXCEEDED: ['rate-limited', 'backend'],
  rateLimitExceeded: ['rate-limited', 'backend'],
  userRateLimitExceeded: ['rate-limited', 'backend'],
}

const quotas = new Set(['QUOTA_EXCEEDED', 'quotaExceeded', 'limitExceeded'])

/** The name of the limit says what it covers. */
const quotaOf = (message: string): Ruling => {
  const metric = /quota '([A-Z0-9_]+)'/i.exec(message)?.[1]?.toUpperCase() ?? ''
  if (metric.endsWith('ALL_REGIONS')) return ['quota', 'backend']
  if (metric.startsWith('PREEMPTIBLE_')) return ['quota', 'billing-region']
  return ['quota', metric.startsWith('NVIDIA_') ? 'family-region' : 'region']
}

/** It stands beside what is really the matter, and alone where nothing more is known. */
const tooFew = 'VM_MIN_COUNT_NOT_REACHED'

type Coded = Pick<Refused, 'code' | 'message'>

const rulingOf = ({ code, message }: Coded): Ruling | null => {
  if (code === null) return null
  if (quotas.has(code)) return quotaOf(message)
  if (code === tooFew) return ['no-capacity', 'type-region']
  return Object.hasOwn(rulings, code) ? (rulings[code] ?? null) : null
}

const ruling = (refused: Refused, { during }: CallContext): Ruling | null => {
  const { code, message } = refused
  if (during !== 'create') return rulingOf(refused)
  if (code === 'conditionNotMet') return ['forbidden', 'backend']
  if (code !== 'notFound') return rulingOf(refused)
  return /machineTypes|acceleratorTypes/.test(message)
    ? ['forbidden', 'type-region']
    : ['invalid', 'attempt']
}

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : null)

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : null

const read = (answer: CloudAnswer): Omit<Refused, 'status'> => {
  const value = jsonOf(answer)
  const error = at(value, 'error')
  const code =
    textAt(firstOf(at(error, 'errors')), 'reason') ??
    textAt(firstOf(at(error, 'details')), 'reason') ??
    textAt(error, 'status') ??
    textAt(value, 'error')
  return { code, message: textAt(error, 'message') ?? '' }
}

interface Failure {
  readonly code: string | null
  readonly message: string | null
}

/** It was begun, and came to nothing. */
export class OperationFailed extends Error {
  readonly failures: readonly Failure[]
  constructor(failures: readonly Failure[]) {
    super('the operation failed')
    this.name = 'OperationFailed'
    this.failures = failures
  }
}

const failed = ({ failures }: OperationFailed): Partial<Verdict> => {
  const known = failures
    .map(({ code, message }) => ({ code, message: message ?? '' }))
    .filter((one) => rulingOf(one) !== null)
  const cause = known.find(({ code }) => code !== tooFew) ?? known[0]
  const found = cause === undefined ? null : rulingOf(cause)
  if (cause === undefined || found === null) return { class: 'unknown', scope: 'attempt' }
  const [failureClass, scope] = found
  return {
    class: failureClass,
    scope,
    code: cause.code,
    message: `the operation failed: ${cause.code ?? ''}`,
  }
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  const verdict = classifyRefusal(error, context, { read, ruling, isIdempotent: true })
  if (error instanceof OperationFailed) return { ...verdict, ...failed(error) }
  return error instanceof UpstreamCredentialsError
    ? { ...verdict, class: 'auth', scope: 'backend' }
    : verdict
}
