/** What a run remembers of how its offers were found, so that they can be found again. */
import { StateUnreadableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'

export interface RunRequest {
  readonly requirements: Requirements
  /** As they were shown to whoever said yes, best first: the first submission tries these. */
  readonly offers: readonly Offer[]
}

export const printRunRequest = (request: RunRequest): string => JSON.stringify(request)

const isRunRequest = (value: unknown): value is RunRequest =>
  typeof value === 'object' && value !== null && 'requirements' in value && 'offers' in value

export const readRunRequest = (text: string): RunRequest => {
  const value: unknown = JSON.parse(text)
  if (isRunRequest(value)) return value
  throw new StateUnreadableError('a run has no request that can be read')
}
