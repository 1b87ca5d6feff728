/** What a run remembers of how its offers were found, so that they can be found again. */
import type { ServiceConfiguration } from '#domain/configuration'
import { StateUnreadableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'

/** What whoever serves the run goes by. */
type ServingSettings = Pick<ServiceConfiguration, 'auth' | 'model' | 'scaling'>

export interface RunRequest {
  readonly requirements: Requirements
  /** As they were shown to whoever said yes, best first: the first submission tries these. */
  readonly offers: readonly Offer[]
  /** Only these may be tried, now and later: a plan says so. */
  readonly isFixed: boolean
  /** Somebody has allowed to spend money at old prices. */
  readonly allowStale: boolean
  readonly serving: ServingSettings
}

export const printRunRequest = (request: RunRequest): string => JSON.stringify(request)

type Written = Pick<RunRequest, 'requirements' | 'offers'> & Partial<RunRequest>

const isWritten = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && 'requirements' in value && 'offers' in value

/** What a run of an earlier version does not say is as closed as it can be. */
export const readRunRequest = (text: string): RunRequest => {
  const value: unknown = JSON.parse(text)
  if (!isWritten(value)) throw new StateUnreadableError('a run has no request that can be read')
  return {
    isFixed: true,
    allowStale: false,
    serving: { auth: true, model: null, scaling: null },
    ...value,
  }
}
