/** What every cloud of virtual machines asks before it plans a launch. */
import type { Verdict } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type {
  LaunchPlan,
  LaunchRequest,
  MachineAccess,
  PlannedCall,
  Planned,
} from './provisioner.ts'

/** A request that can be planned: it has a region, and a way in. */
export interface VmAsk {
  readonly request: LaunchRequest
  readonly access: MachineAccess
  readonly region: string
  readonly offer: Offer
}

export const refusedPlan = (message: string, verdict: Partial<Verdict> = {}): Planned => ({
  refusal: {
    class: 'invalid',
    scope: 'attempt',
    code: null,
    message,
    retryAfterMs: null,
    ...verdict,
  },
})

/** Pure. `calls` are what is sent; the offer's price is what it costs at most. */
export const planMachine = (
  request: LaunchRequest,
  offer: Offer,
  limits: { readonly userDataMaxBytes: number },
  calls: (ask: VmAsk) => readonly PlannedCall[] | Planned,
): Planned => {
  const { access } = request
  const { region } = offer
  if (access === null) return refusedPlan('no key was made for the machine')
  if (region === null) {
    const message = `${offer.instanceType.name} is in stock in no region`
    return refusedPlan(message, { class: 'no-capacity', scope: 'offer' })
  }
  const bytes = Buffer.byteLength(access.userData)
  if (bytes > limits.userDataMaxBytes) {
    return refusedPlan(
      `its start-up text has ${bytes} bytes, and ${limits.userDataMaxBytes} are allowed`,
    )
  }
  const planned = calls({ request, access, region, offer })
  if ('plan' in planned || 'refusal' in planned) return planned
  const plan: LaunchPlan = {
    offer,
    request,
    calls: planned,
    highestNanoUsd: offer.priceNanoUsd,
    // As it is, and as some clouds take it.
    secrets: [access.userData, Buffer.from(access.userData).toString('base64')],
  }
  return { plan }
}
