/** The offers that a run may try, at prices of today. */
import type * as Room from '#api/runs'
import type { RunsHere } from '#api/runs'
import { CatalogStaleError, RefreshLockedError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { CommonFlags, OverlayFlags } from './flags.ts'
import { openUnderOverlay } from './open-under-overlay.ts'
import type { RunFlags } from './commands/run.ts'
import { writeNotes } from './notes.ts'
import { visible } from './text-width.ts'
import type { World } from './world.ts'

export interface RunAsked {
  readonly room: typeof Room
  readonly runs: RunsHere
  readonly flags: RunFlags
  readonly requirements: Requirements
  /** Those that a plan admits, or all. */
  readonly within: (offers: readonly Offer[]) => readonly Offer[]
}

/** The catalog is opened when it is asked: this machine's own offer is in none. */
export const catalogSearch =
  (flags: OverlayFlags & CommonFlags, world: World) =>
  async (asked: Requirements): Promise<readonly Offer[]> => {
    const { catalog } = await openUnderOverlay(flags, world)
    try {
      return catalog.search(asked, { limit: 0 }).offers
    } finally {
      catalog.close()
    }
  }

const find = async (
  { room, runs, flags, requirements, within }: RunAsked,
  world: World,
): Promise<readonly Offer[]> => {
  const search = catalogSearch(flags, world)
  const { environment } = world
  const { hands } = runs
  return within(await room.launchOffers({ requirements, environment, hands, search }))
}

/** What went wrong, if anything. */
const refreshSome = async (names: readonly string[], world: World): Promise<readonly string[]> => {
  const room = await import('#api/refresh')
  const all = room.backends.map(({ name }) => name)
  const settings = room.loadSettings(world.files, world.environment, all)
  try {
    const report = await room.refresh({
      backends: room.backends.filter(({ name }) => names.includes(name)),
      environment: room.withEndpoints(world.environment, settings),
      bounds: settings.bounds,
    })
    return report.backends.flatMap(({ backend, problem }) =>
      problem === null ? [] : `${backend}: ${visible(problem.message)}`,
    )
  } catch (error) {
    if (error instanceof RefreshLockedError) return [visible(error.message)]
    throw error
  }
}

/**
 * Best first. Throws CatalogStaleError where old prices stay old: the embedded catalog alone spends
 * no money. A dry run spends none either, and asks nobody for prices.
 */
export const offersForRun = async (asked: RunAsked, world: World): Promise<readonly Offer[]> => {
  const { room, flags } = asked
  const tooOld = (offers: readonly Offer[]) =>
    room.backendsTooOld(offers.slice(0, flags.attempts), world.nowMs)
  const found = await find(asked, world)
  const old = tooOld(found)
  if (old.length === 0 || flags.allowStale === true || flags.dryRun === true) return found
  writeNotes('note', [`old prices are refreshed first: ${old.join(', ')}`], world, flags)
  writeNotes('warning', await refreshSome(old, world), world, flags)
  const anew = await find(asked, world)
  const still = tooOld(anew)
  if (still.length === 0) return anew
  throw new CatalogStaleError(`prices are too old to spend money at: ${still.join(', ')}`, {
    hint: 'dstack-offers catalog refresh says why; --allow-stale spends at old prices all the same',
  })
}
