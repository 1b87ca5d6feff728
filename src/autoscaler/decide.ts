/** The number of replicas that the requests of the last minute, and those under way, call for. */
import type { Scaling } from '#domain/configuration'

export interface ScaledReplica {
  /** Submitted, being prepared or running. */
  readonly isActive: boolean
  /** When an active one was submitted, or an inactive one ended. */
  readonly sinceMs: number
  /** An inactive one that ended before it was ever ready. */
  readonly hasFailed?: boolean
}

export interface ScalingState {
  readonly limits: { readonly min: number; readonly max: number }
  readonly scaling: Pick<Scaling, 'target' | 'scaleUpDelaySeconds' | 'scaleDownDelaySeconds'>
  readonly replicas: readonly ScaledReplica[]
  /** Requests of the last `windowSeconds`; null where nobody counted: then nothing is decided. */
  readonly requests: number | null
  /** Of these, those of the last `burstSeconds`. */
  readonly recent?: number
  /** Requests that a replica is answering. */
  readonly inFlight?: number
  /** Requests that wait for a replica. */
  readonly held?: number
  readonly nowMs: number
}

/** What traffic is averaged over. */
export const windowSeconds = 60

/** What a burst is seen in, long before it moves the average. */
export const burstSeconds = 2

/** How often a decision is taken. */
export const decideEveryMs = 1000

export interface Decision {
  readonly replicas: number
  /** For a person. */
  readonly why: string
  /** When a change that is due now waits for its delay: until then. */
  readonly waitsUntilMs: number | null
}

/**
 * What a burst calls for before the average shows it; 0 where there is none. It is none while as many
 * may well have come by chance: twice what the replicas are meant for in that time, and eight standard
 * deviations and five more than that, since small numbers scatter widely. One replica more then, or as many as requests are under way and their
 * rate needs. From zero the average decides.
 */
const byBurst = (
  { scaling, recent = 0, inFlight = 0, held = 0 }: ScalingState,
  active: number,
): number => {
  const perReplica = burstSeconds * scaling.target
  const meant = perReplica * active
  const surprising = Math.max(2 * meant, meant + 8 * Math.sqrt(meant) + 5)
  if (active === 0 || recent <= surprising) return 0
  return Math.max(active + 1, Math.min(Math.ceil(recent / perReplica), inFlight + held))
}

const needed = (state: ScalingState, requests: number, active: number) => {
  const { limits, scaling, inFlight = 0, held = 0 } = state
  // Whole numbers first: 600 requests a minute are exactly 10 a second.
  const byTraffic = Math.ceil(requests / (windowSeconds * scaling.target))
  // Whoever is being answered, or waits to be, is not left without a replica.
  const byPresence = inFlight + held > 0 ? 1 : 0
  const most = Math.max(byTraffic, byPresence, byBurst(state, active))
  return Math.min(Math.max(most, limits.min), limits.max)
}

const describe = (
  { recent = 0, inFlight = 0, held = 0 }: ScalingState,
  requests: number,
): string => {
  const parts = [`${Number((requests / windowSeconds).toFixed(2))} requests a second`]
  if (recent > requests / 2 && recent > 1) parts.push(`${recent} of them in ${burstSeconds} s`)
  if (inFlight > 0) parts.push(`${inFlight} in flight`)
  if (held > 0) parts.push(`${held} waiting`)
  return parts.join(', ')
}

const newest = (replicas: readonly ScaledReplica[]): ScaledReplica | null => {
  let found: ScaledReplica | null = null
  for (const one of replicas) if (found === null || one.sinceMs > found.sinceMs) found = one
  return found
}

/**
 * Null where nothing has to be waited for. From zero nothing is: somebody waits. But a start that has
 * just failed is not tried again at once: a replica that never gets ready is no capacity, and would
 * be paid for over and over.
 */
const dueMs = ({ replicas, scaling }: ScalingState, active: number, wanted: number) => {
  const last = newest(replicas)
  if (last === null || (active === 0 && last.hasFailed !== true)) return null
  const delaySeconds = wanted > active ? scaling.scaleUpDelaySeconds : scaling.scaleDownDelaySeconds
  return last.sinceMs + delaySeconds * 1000
}

/** A decision in numbers. */
interface Weighed {
  readonly active: number
  readonly wanted: number
  readonly replicas: number
  readonly waitsUntilMs: number | null
}

const activeOf = (replicas: readonly ScaledReplica[]): number => {
  let count = 0
  for (const { isActive } of replicas) if (isActive) count += 1
  return count
}

/**
 * Up or down at once to what is needed, once the newest change of a replica is as old as the delay.
 * While a run starts from zero its replicas are active, so no second start begins beside the first.
 */
export const weigh = (state: ScalingState): Weighed => {
  const active = activeOf(state.replicas)
  const wanted = state.requests === null ? active : needed(state, state.requests, active)
  if (wanted === active) return { active, wanted, replicas: active, waitsUntilMs: null }
  const due = dueMs(state, active, wanted)
  return due !== null && state.nowMs < due
    ? { active, wanted, replicas: active, waitsUntilMs: due }
    : { active, wanted, replicas: wanted, waitsUntilMs: null }
}

const reasonOf = ({ active, wanted, waitsUntilMs }: Weighed): string => {
  if (wanted === active) return `${active} is right`
  const way = `${wanted > active ? 'up' : 'down'} to ${wanted}`
  if (waitsUntilMs === null) return active === 0 ? 'up from zero' : way
  return active === 0 ? `${way} waits, the last start failed` : `${way} waits`
}

/** What `weigh` comes to, with the reason. */
export const decide = (state: ScalingState): Decision => {
  const weighed = weigh(state)
  const { replicas, waitsUntilMs } = weighed
  const { requests } = state
  if (requests === null) return { replicas, why: 'requests are not counted', waitsUntilMs }
  return { replicas, why: `${describe(state, requests)}: ${reasonOf(weighed)}`, waitsUntilMs }
}
