/** What is kept of a machine that is wanted alone: for the pool, before there is a run for it. */
import type { EffectiveKeys } from '#configuration/resolve'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { defaultResources } from '#domain/resources'
import type { RunSpec } from '#runs/rows'
import { printRunRequest } from './run-request.ts'

export interface MachineSpecGiven {
  readonly keys: EffectiveKeys
  readonly requirements: Requirements
  /** Best first. */
  readonly offers: readonly Offer[]
  /** Offers tried at most. */
  readonly attempts: number
  readonly allowStale: boolean
}

/** How many seconds it may idle; null keeps it. */
const idleSecondsOf = ({ terminationPolicy, terminationIdleTimeSeconds }: EffectiveKeys) =>
  terminationPolicy === 'dont-destroy' ? null : terminationIdleTimeSeconds

export const machineSpecOf = (given: MachineSpecGiven): Omit<RunSpec, 'workload'> => {
  const { keys, requirements, offers, attempts, allowStale } = given
  return {
    replicas: { min: 1, max: 1 },
    retryPolicy: keys.retryPolicy,
    maxDurationSeconds: null,
    maxPriceNanoUsd: requirements.maxPriceNanoUsd,
    diskMib: requirements.diskMib?.min ?? null,
    reuse: 'never',
    idleSeconds: idleSecondsOf(keys),
    pool: keys.poolName ?? 'default-pool',
    instanceName: null,
    attempts,
    request: printRunRequest({
      requirements,
      offers,
      isFixed: false,
      allowStale,
      serving: { auth: true, model: null, scaling: null },
    }),
  }
}

/** What flags have said of a machine, where no file describes it. */
export interface SaidOfMachine {
  readonly cpu: boolean
  readonly memory: boolean
  readonly disk: boolean
  readonly spot: boolean
  readonly idleTime: boolean
}

const threeDaysSeconds = 72 * 60 * 60

/** What dstack 0.18 adds to a pool where nothing is said: on demand, and for three days. */
export const withMachineDefaults = (
  { keys, requirements }: Pick<MachineSpecGiven, 'keys' | 'requirements'>,
  said: SaidOfMachine,
): Pick<MachineSpecGiven, 'keys' | 'requirements'> => {
  const { cpu, memoryMib, diskMib } = defaultResources
  return {
    keys: {
      ...keys,
      ...(!said.spot && { spotPolicy: 'on-demand' }),
      ...(!said.idleTime && { terminationIdleTimeSeconds: threeDaysSeconds }),
    },
    requirements: {
      ...requirements,
      ...(!said.cpu && { cpu }),
      ...(!said.memory && { memoryMib }),
      ...(!said.disk && { diskMib }),
      ...(!said.spot && { spot: false }),
    },
  }
}
