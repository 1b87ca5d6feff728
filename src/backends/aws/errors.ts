/** EC2's refusals, and why it ends a machine: by code alone. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { Verdict } from '#domain/launch'
import type { CloudAnswer } from '#backends/kit/cloud-io'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, type Refused, type Ruling, textAt } from '#backends/kit/refusals'
import { readXml } from './xml.ts'

const rulings: Readonly<Record<string, Ruling>> = {
  InsufficientInstanceCapacity: ['no-capacity', 'type-zone'],
  InsufficientHostCapacity: ['no-capacity', 'type-zone'],
  InsufficientReservedInstanceCapacity: ['no-capacity', 'type-zone'],
  UnfulfillableCapacity: ['no-capacity', 'type-zone'],
  ReservationCapacityExceeded: ['no-capacity', 'type-zone'],
  Unsupported: ['no-capacity', 'type-zone'],
  InsufficientFreeAddressesInSubnet: ['no-capacity', 'zone'],
  SpotMaxPriceTooLow: ['offer-gone', 'offer'],
  VcpuLimitExceeded: ['quota', 'family-region'],
  MaxSpotInstanceCountExceeded: ['quota', 'billing-region'],
  InstanceLimitExceeded: ['quota', 'type-region'],
  VolumeLimitExceeded: ['quota', 'region'],
  AddressLimitExceeded: ['quota', 'region'],
  SecurityGroupLimitExceeded: ['quota', 'region'],
  AuthFailure: ['auth', 'backend'],
  UnauthorizedOperation: ['auth', 'backend'],
  InvalidClientTokenId: ['auth', 'backend'],
  SignatureDoesNotMatch: ['auth', 'backend'],
  IncompleteSignature: ['auth', 'backend'],
  ExpiredToken: ['auth', 'backend'],
  RequestExpired: ['auth', 'backend'],
  Blocked: ['auth', 'backend'],
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted': ['auth', 'backend'],
  OptInRequired: ['forbidden', 'region'],
  PendingVerification: ['forbidden', 'region'],
  // Without a default network there is none that a machine could be put into.
  VPCIdNotSpecified: ['forbidden', 'region'],
  DefaultVpcDoesNotExist: ['forbidden', 'region'],
  // Our token has been used already, and so it may have made a machine.
  IdempotentParameterMismatch: ['ambiguous', 'attempt'],
  MissingParameter: ['invalid', 'attempt'],
  RequestLimitExceeded: ['rate-limited', 'region'],
  Throttling: ['rate-limited', 'region'],
  ThrottlingException: ['rate-limited', 'region'],
  Unavailable: ['transient', 'region'],
  InternalError: ['transient', 'region'],
  ServiceUnavailable: ['transient', 'region'],
  // A group that was just made may not be known everywhere.
  'InvalidGroup.NotFound': ['transient', 'call'],
  DependencyViolation: ['transient', 'call'],
  'InvalidInstanceID.NotFound': ['gone', 'instance'],
  SpotInstanceTermination: ['interrupted', 'instance'],
  SpotInstanceShutdown: ['interrupted', 'instance'],
}

/** Families of codes about what was sent. */
const wrong = /^Invalid(AMIID|Parameter|UserData|KeyPair|SubnetID|BlockDeviceMapping)/

const ruling = ({ code }: Pick<Refused, 'code'>): Ruling | null => {
  if (code === null) return null
  if (Object.hasOwn(rulings, code)) return rulings[code] ?? null
  return wrong.test(code) ? ['invalid', 'attempt'] : null
}

const read = ({ text }: CloudAnswer): Omit<Refused, 'status'> => {
  try {
    const value = readXml(text, 'aws')
    const at = (key: string): string | null => textAt(value, 'Errors', 'Error', key)
    return { code: at('Code') || null, message: at('Message') ?? '' }
  } catch {
    return { code: null, message: '' }
  }
}

export const codeOf = (answer: CloudAnswer): string | null => read(answer).code

/** The home region takes these keys: so it is the region that does not. */
export class RegionClosed extends Error {
  constructor(region: string) {
    super(`the region ${region} is not open to the account`)
    this.name = 'RegionClosed'
  }
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  const verdict = classifyRefusal(error, context, { read, ruling, isIdempotent: true })
  if (error instanceof UpstreamCredentialsError) {
    return { ...verdict, class: 'auth', scope: 'backend' }
  }
  return error instanceof RegionClosed
    ? { ...verdict, class: 'forbidden', scope: 'region', code: 'AuthFailure' }
    : verdict
}

/** `Server.InsufficientInstanceCapacity` and the like; null where it ended as it was told to. */
export const causeOf = (reason: string | null): Verdict | null => {
  const found = ruling({ code: reason?.replace(/^(Server|Client)\./, '') ?? null })
  if (reason === null || found === null) return null
  const [failureClass, scope] = found
  const message = `EC2 ended it: ${reason}`
  return { class: failureClass, scope, code: reason, message, retryAfterMs: null }
}
