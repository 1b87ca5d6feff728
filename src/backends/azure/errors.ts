/** Azure's refusals, and why a machine that was promised did not come: by code, limits by message. */
import type { Verdict } from '#domain/launch'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

const rulings: Readonly<Record<string, Ruling>> = {
  SkuNotAvailable: ['no-capacity', 'type-region'],
  AllocationFailed: ['no-capacity', 'type-region'],
  OverconstrainedAllocationRequest: ['no-capacity', 'type-region'],
  VMSizeNotSupported: ['no-capacity', 'type-region'],
  ZonalAllocationFailed: ['no-capacity', 'type-zone'],
  OverconstrainedZonalAllocationRequest: ['no-capacity', 'type-zone'],
  PublicIPCountLimitReached: ['quota', 'region'],
  ResourceGroupQuotaExceeded: ['quota', 'backend'],
  InvalidAuthenticationToken: ['auth', 'backend'],
  InvalidAuthenticationTokenTenant: ['auth', 'backend'],
  ExpiredAuthenticationToken: ['auth', 'backend'],
  AuthenticationFailed: ['auth', 'backend'],
  SubscriptionNotFound: ['auth', 'backend'],
  // Of the token: an application, a secret or a tenant that are not known.
  invalid_client: ['auth', 'backend'],
  unauthorized_client: ['auth', 'backend'],
  invalid_request: ['auth', 'backend'],
  // A role that is missing: it is missing in every region.
  AuthorizationFailed: ['forbidden', 'backend'],
  LinkedAuthorizationFailed: ['forbidden', 'backend'],
  MissingSubscriptionRegistration: ['forbidden', 'backend'],
  RequestDisallowedByPolicy: ['forbidden', 'type-region'],
  MarketplacePurchaseEligibilityFailed: ['forbidden', 'type-region'],
  LocationNotAvailableForResourceType: ['forbidden', 'region'],
  ReadOnlyDisabledSubscription: ['balance', 'backend'],
  InvalidParameter: ['invalid', 'attempt'],
  InvalidRequestFormat: ['invalid', 'attempt'],
  TooManyRequests: ['rate-limited', 'backend'],
  SubscriptionRequestsThrottled: ['rate-limited', 'backend'],
  RetryableError: ['transient', 'call'],
  AnotherOperationInProgress: ['transient', 'call'],
  ResourceGroupBeingDeleted: ['transient', 'call'],
  // Of what was made just before: not every part of Azure knows it yet.
  ResourceGroupNotFound: ['transient', 'call'],
  InvalidResourceReference: ['transient', 'call'],
  OSProvisioningTimedOut: ['transient', 'attempt'],
}

/** Of codes that mean many things: the first that is found in the message counts. */
const byMessage: readonly (readonly [RegExp, Ruling])[] = [
  [/exceeding approved LowPriorityCores quota/i, ['quota', 'billing-region']],
  [/exceeding approved Total Regional Cores quota/i, ['quota', 'region']],
  [/exceeding approved .{1,80} quota/i, ['quota', 'family-region']],
  // Old sizes, that no image known here starts on.
  [/cannot boot Hypervisor Generation/i, ['forbidden', 'type-region']],
]

const vague = new Set(['OperationNotAllowed', 'QuotaExceeded', 'BadRequest'])

const ruling = ({ code, message }: Pick<Refused, 'code' | 'message'>): Ruling | null => {
  if (code === null) return null
  if (vague.has(code)) return byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? null
  return Object.hasOwn(rulings, code) ? (rulings[code] ?? null) : null
}

/** Rules or a network that Azure could not make: no machine was asked for. */
export class NeverReady extends Error {
  constructor(kind: string) {
    super(`Azure has made no usable ${kind}`)
    this.name = 'NeverReady'
  }
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  if (error instanceof NeverReady) {
    const { message } = error
    return { class: 'transient', scope: 'region', code: null, message, retryAfterMs: null }
  }
  return classifyRefusal(error, context, {
    read: (answer) => {
      const value = jsonOf(answer)
      return {
        // A token is refused in the words of OAuth.
        code: textAt(value, 'error', 'code') ?? textAt(value, 'error'),
        message: textAt(value, 'error', 'message') ?? '',
      }
    },
    ruling,
    isIdempotent: false,
  })
}

/** `ProvisioningState/failed/AllocationFailed`: why a machine did not come; null where nothing is told. */
export const causeOf = (status: string, message: string): Verdict | null => {
  const code = /^ProvisioningState\/failed\/(\w{1,80})$/i.exec(status)?.[1]
  if (code === undefined) return null
  const [failureClass, scope] = ruling({ code, message }) ?? ['unknown', 'attempt']
  const told = `Azure could not make it: ${code}`
  return { class: failureClass, scope, code, message: told, retryAfterMs: null }
}
