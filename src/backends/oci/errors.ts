/** Oracle's refusals: by code, but for a lack of hosts, which it tells as an error of its own. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { Verdict } from '#domain/launch'
import type { CloudAnswer } from '#backends/kit/cloud-io'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

const rulings: Readonly<Record<string, Ruling>> = {
  OutOfHostCapacity: ['no-capacity', 'type-zone'],
  LimitExceeded: ['quota', 'family-region'],
  QuotaExceeded: ['quota', 'family-region'],
  NotAuthenticated: ['auth', 'backend'],
  NotAuthorized: ['auth', 'backend'],
  SignUpRequired: ['forbidden', 'region'],
  NotAllowed: ['forbidden', 'region'],
  RelatedResourceNotAuthorizedOrNotFound: ['forbidden', 'region'],
  CannotParseRequest: ['invalid', 'attempt'],
  InvalidParameter: ['invalid', 'attempt'],
  MissingParameter: ['invalid', 'attempt'],
  // What was made with the token has been removed since: a list tells.
  InvalidatedRetryToken: ['ambiguous', 'attempt'],
  IncorrectState: ['transient', 'call'],
  Conflict: ['transient', 'call'],
  ExternalServerIncorrectState: ['transient', 'call'],
  TooManyRequests: ['rate-limited', 'region'],
  InternalError: ['transient', 'region'],
  InternalServerError: ['transient', 'region'],
  ServiceUnavailable: ['transient', 'region'],
}

const noHosts = /out of (host )?capacity/i
const limits = /service limits were exceeded/i

/** What cannot be told from what may not be seen: of a machine's own id it is no word on the rights. */
const hidden: Ruling = ['auth', 'backend']

const ruling = ({ code, message }: Refused, { during }: CallContext): Ruling | null => {
  if (noHosts.test(message)) return ['no-capacity', 'type-zone']
  if (limits.test(message)) return ['quota', 'family-region']
  if (code === 'NotAuthorizedOrNotFound') {
    return during === 'observe' || during === 'destroy' ? null : hidden
  }
  return code !== null && Object.hasOwn(rulings, code) ? (rulings[code] ?? null) : null
}

const read = (answer: CloudAnswer): Omit<Refused, 'status'> => {
  const value = jsonOf(answer)
  return { code: textAt(value, 'code') || null, message: textAt(value, 'message') ?? '' }
}

export const codeOf = (answer: CloudAnswer): string | null => read(answer).code

/** Found out by us of several answers, so that no one of them tells. */
export class RuledFailure extends Error {
  readonly ruling: Ruling
  constructor(message: string, ruled: Ruling) {
    super(message)
    this.name = 'RuledFailure'
    this.ruling = ruled
  }
}

/** A call after the first has failed: the first again could make a second machine. */
export class LaunchUnclear extends Error {
  constructor() {
    super('Oracle failed at a further availability domain')
    this.name = 'LaunchUnclear'
  }
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  const verdict = classifyRefusal(error, context, { read, ruling, isIdempotent: true })
  if (error instanceof UpstreamCredentialsError) {
    return { ...verdict, class: 'auth', scope: 'backend' }
  }
  if (error instanceof LaunchUnclear) return { ...verdict, class: 'ambiguous' }
  if (!(error instanceof RuledFailure)) return verdict
  const [failureClass, scope] = error.ruling
  return { ...verdict, class: failureClass, scope }
}

/** Why something failed in the background. */
export const causeOf = (code: string, message: string): Verdict => {
  const context = { during: 'create', spot: false } as const
  const [failureClass, scope] = ruling({ status: 0, code, message }, context) ?? [
    'unknown',
    'attempt',
  ]
  const said = `Oracle has not launched it: ${/^\w{1,80}$/.test(code) ? code : 'no code'}`
  return { class: failureClass, scope, code, message: said, retryAfterMs: null }
}

export const isOutOfCapacity = (error: unknown): boolean =>
  classify(error, { during: 'create', spot: false }).class === 'no-capacity'
