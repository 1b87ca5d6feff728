/** Which run answers for a model. */
import type { Model } from '#domain/configuration'
import type { Bearer, Service } from '#domain/serving'

/** A service that has a model. */
export interface Candidate {
  readonly service: Service
  readonly model: Model
}

const byAge = (left: Candidate, right: Candidate): number =>
  left.service.submittedMs - right.service.submittedMs

/** What the bearer may use, oldest first. */
export const candidatesFor = (services: readonly Service[], bearer: Bearer): Candidate[] =>
  services
    .flatMap((service) => (service.model === null ? [] : [{ service, model: service.model }]))
    .filter(({ service }) => bearer.mayUse(service.run))
    .sort(byAge)

export interface Turns {
  /** Null where there is no candidate. */
  next(name: string, candidates: readonly Candidate[]): Candidate | null
}

/**
 * By turns among the runs that have replicas. Where none has any, always the oldest: one run is woken
 * and not all of them.
 */
export const newTurns = (): Turns => {
  const turns = new Map<string, number>()
  return {
    next: (name, candidates) => {
      const up = candidates.filter(({ service }) => service.replicas.length > 0)
      if (up.length < 2) return up[0] ?? candidates[0] ?? null
      const turn = ((turns.get(name) ?? -1) + 1) % up.length
      turns.set(name, turn)
      return up[turn] ?? null
    },
  }
}
