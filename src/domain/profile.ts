export type SpotPolicy = 'spot' | 'on-demand' | 'auto'
export type CreationPolicy = 'reuse' | 'reuse-or-create'
export type TerminationPolicy = 'dont-destroy' | 'destroy-after-idle'

export interface RetryPolicy {
  readonly retry: boolean
  /** Null keeps trying without limit. */
  readonly durationSeconds: number | null
}

/**
 * The twelve keys a configuration and a profile share (dstack 0.18.1). Null is "not said here": the
 * next in line (profile, then default) decides. An empty list is said, and matches nothing.
 */
export interface ProfileKeys {
  readonly backends: readonly string[] | null
  readonly regions: readonly string[] | null
  readonly instanceTypes: readonly string[] | null
  readonly spotPolicy: SpotPolicy | null
  readonly retryPolicy: RetryPolicy | null
  /** Seconds, counted from the start of the command; `off` is no limit. */
  readonly maxDuration: number | 'off' | null
  /** Nano-USD per instance-hour. */
  readonly maxPriceNanoUsd: number | null
  readonly poolName: string | null
  readonly instanceName: string | null
  readonly creationPolicy: CreationPolicy | null
  readonly terminationPolicy: TerminationPolicy | null
  readonly terminationIdleTimeSeconds: number | null
}

/** A named set of defaults from `.dstack/profiles.yml`. */
export interface Profile extends ProfileKeys {
  readonly name: string
  readonly default: boolean
}

export const emptyProfileKeys: ProfileKeys = {
  backends: null,
  regions: null,
  instanceTypes: null,
  spotPolicy: null,
  retryPolicy: null,
  maxDuration: null,
  maxPriceNanoUsd: null,
  poolName: null,
  instanceName: null,
  creationPolicy: null,
  terminationPolicy: null,
  terminationIdleTimeSeconds: null,
}
