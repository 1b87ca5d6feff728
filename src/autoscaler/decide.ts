/** The number of replicas that the requests of the last minute call for. */
import type { Scaling } from '#domain/configuration'

interface ScaledReplica {
  /** Submitted, being prepared or running. */
  readonly isActive: boolean
  /** When an active one was submitted, or an inactive one ended. */
  readonly sinceMs: number
}

export interface ScalingState {
  readonly limits: { readonly min: number; readonly max: number }
  readonly scaling: Pick<Scaling, 'target' | 'scaleUpDelaySeconds' | 'scaleDownDelaySeconds'>
  readonly replicas: readonly ScaledReplica[]
  /** Requests of the last `windowSeconds`. */
  readonly requests: number
  readonly nowMs: number
}

/** What traffic is averaged over. */
const windowSeconds = 60

export interface Decision {
  readonly replicas: number
  /** For a person. */
  readonly why: string
  /** When a change that is due now waits for its delay: until then. */
  readonly waitsUntilMs: number | null
}

const needed = ({ limits, scaling, requests }: ScalingState): number => {
  // Whole numbers first: 600 requests a minute are exactly 10 a second.
  const byTraffic = Math.ceil(requests / (windowSeconds * scaling.target))
  return Math.min(Math.max(byTraffic, limits.min), limits.max)
}

const perSecond = ({ requests }: ScalingState): string =>
  `${Number((requests / windowSeconds).toFixed(2))} requests a second`

/**
 * Up or down at once to what is needed, once the newest change of a replica is as old as the delay.
 * From zero there is no delay: somebody waits.
 */
export const decide = (state: ScalingState): Decision => {
  const { replicas, scaling, nowMs } = state
  const active = replicas.filter(({ isActive }) => isActive).length
  const wanted = needed(state)
  const traffic = perSecond(state)
  if (wanted === active) {
    return { replicas: active, why: `${traffic}: ${active} is right`, waitsUntilMs: null }
  }
  if (active === 0) return { replicas: wanted, why: `${traffic}: up from zero`, waitsUntilMs: null }
  const [delaySeconds, way] =
    wanted > active
      ? ([scaling.scaleUpDelaySeconds, 'up'] as const)
      : ([scaling.scaleDownDelaySeconds, 'down'] as const)
  const lastMs = Math.max(...replicas.map(({ sinceMs }) => sinceMs))
  const dueMs = lastMs + delaySeconds * 1000
  return nowMs >= dueMs
    ? { replicas: wanted, why: `${traffic}: ${way} to ${wanted}`, waitsUntilMs: null }
    : { replicas: active, why: `${traffic}: ${way} to ${wanted} waits`, waitsUntilMs: dueMs }
}
