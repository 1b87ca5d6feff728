/** Offers in the order of a cost, for the options that ask for one. */
import type { Catalog } from '#api/catalog'
import {
  askedDiskMib,
  knownBands,
  parseBudget,
  parseDuration,
  rankOffers,
  type Ranking,
  type ReplicaCounts,
} from '#api/cost'
import { ArgumentError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import type { CostFlags } from './offers-flags.ts'
import type { Request } from './read-request.ts'

/** Replicas of a service, nodes of a task. */
const replicasOf = ({ subject }: Request): ReplicaCounts => {
  const configuration = subject?.configuration
  switch (configuration?.type) {
    case 'service':
      return configuration.replicas
    case 'task':
      return { min: configuration.nodes, max: configuration.nodes }
    case 'dev-environment':
    case undefined:
      return { min: 1, max: 1 }
  }
}

const runSeconds = (duration: string | undefined): number | null => {
  if (duration === undefined) return null
  const seconds = parseDuration(duration)
  if (seconds > 0) return seconds
  throw new ArgumentError(`a run of "${duration}" has no length`, { hint: 'such as --for 8h' })
}

interface RankRequest {
  readonly request: Request
  readonly catalog: Catalog
  readonly flags: CostFlags
  /** Tells where the bands of the last refresh lie. */
  readonly environment: Environment
}

export const rankRequest = (
  { request, catalog, flags, environment }: RankRequest,
  limit: number,
): Ranking => {
  const { bandOf, seenOn: bandsSeenOn } = knownBands(environment)
  return rankOffers(catalog, request.requirements, {
    by: flags.rank ?? 'price',
    limit,
    question: {
      diskMib: askedDiskMib(request.requirements),
      durationSeconds: runSeconds(flags.for),
      replicas: replicasOf(request),
    },
    bandOf,
    bandsSeenOn,
    budget: flags.budget === undefined ? null : parseBudget(flags.budget),
  })
}
