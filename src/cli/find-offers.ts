import type { Ranking } from '#api/cost'
import type { SearchResult } from '#api/catalog'
import type { CostFlags } from './offers-flags.ts'
import type { OpenedCatalog } from './open-under-overlay.ts'
import type { Request } from './read-request.ts'
import type { World } from './world.ts'

export interface FoundOffers extends SearchResult {
  /** Null where no cost was asked for. */
  readonly ranking: Ranking | null
}

/** The first offers in the order asked for; 0 gives all. */
export const findOffers = async (
  {
    request,
    opened,
    flags,
  }: {
    readonly request: Request
    readonly opened: OpenedCatalog
    readonly flags: CostFlags
  },
  limit: number,
  { environment }: Pick<World, 'environment'>,
): Promise<FoundOffers> => {
  const { rank, budget, for: duration } = flags
  if (rank === undefined && budget === undefined && duration === undefined) {
    return { ...opened.catalog.search(request.requirements, { limit }), ranking: null }
  }
  const { rankRequest } = await import('./rank-request.ts')
  const ranking = rankRequest({ request, catalog: opened.catalog, flags, environment }, limit)
  return {
    offers: ranking.offers.map(({ offer }) => offer),
    matched: ranking.matched,
    ranking,
  }
}
