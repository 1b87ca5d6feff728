/** What is kept of a run: enough to place and replace its replicas, whoever does it. */
import { resolve } from 'node:path'
import type { EffectiveKeys } from '#configuration/resolve'
import type { ServiceConfiguration } from '#domain/configuration'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Environment } from '#platform/environment'
import type { RunSpec } from '#runs/rows'
import { repositoryOf } from '#workload/repository'
import { workloadOf } from '#workload/workload'
import { printRunRequest } from './run-request.ts'

export interface SpecGiven {
  readonly name: string
  readonly configuration: ServiceConfiguration
  readonly variables: ReadonlyMap<string, string>
  readonly keys: EffectiveKeys
  readonly requirements: Requirements
  /** Best first. */
  readonly offers: readonly Offer[]
  /** Offers tried for one replica, at most. */
  readonly attempts: number
  readonly onlyPool: boolean
  /** Later tries go by the same offers. */
  readonly isFixed: boolean
  readonly allowStale: boolean
  /** The project's. */
  readonly directory: string
  readonly withFiles: boolean
  readonly environment: Environment
}

const idleSecondsOf = ({ terminationPolicy, terminationIdleTimeSeconds }: EffectiveKeys) =>
  terminationPolicy === 'dont-destroy' ? null : terminationIdleTimeSeconds

export const specOf = (given: SpecGiven): RunSpec => {
  const { name, configuration, variables, keys, requirements, offers, environment } = given
  const directory = resolve(given.directory)
  const maxDurationSeconds = keys.maxDuration === 'off' ? null : keys.maxDuration
  return {
    workload: workloadOf({
      configuration,
      variables,
      runName: name,
      repositoryId: repositoryOf(directory).id,
      projectDirectory: given.withFiles ? directory : null,
      maxDurationSeconds,
      environment,
    }),
    replicas: configuration.replicas,
    retryPolicy: keys.retryPolicy,
    maxDurationSeconds,
    maxPriceNanoUsd: requirements.maxPriceNanoUsd,
    diskMib: requirements.diskMib?.min ?? null,
    reuse: given.onlyPool || keys.creationPolicy === 'reuse' ? 'only' : 'first',
    idleSeconds: idleSecondsOf(keys),
    pool: keys.poolName ?? 'default-pool',
    instanceName: keys.instanceName,
    attempts: given.attempts,
    request: printRunRequest({
      requirements,
      offers,
      isFixed: given.isFixed,
      allowStale: given.allowStale,
      serving: {
        auth: configuration.auth,
        model: configuration.model,
        scaling: configuration.scaling,
      },
    }),
  }
}
