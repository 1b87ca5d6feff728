/** What an hour of a replica costs: as given, else as the cheapest offer that matches. */
import type { OverlayFlags } from './flags.ts'
import { openUnderOverlay } from './open-under-overlay.ts'
import type { Request } from './read-request.ts'
import type { SimulatedPrice } from './simulate-outcome.ts'
import type { World } from './world.ts'

export const priceOf = async (
  { requirements }: Request,
  flags: OverlayFlags & { readonly price?: number },
  world: World,
): Promise<SimulatedPrice> => {
  if (flags.price !== undefined) return { priceNanoUsd: flags.price, offer: null }
  const { catalog } = await openUnderOverlay(flags, world)
  try {
    const offer = catalog.search(requirements, { limit: 1 }).offers[0] ?? null
    return { priceNanoUsd: offer?.priceNanoUsd ?? null, offer }
  } finally {
    catalog.close()
  }
}
