/** Whether what came replaces what is held, and doing so. By the rules of a refresh, and by age. */
import { embeddedCatalogPath, userCatalogPath } from '#catalog/location'
import type { BackendOffers } from '#catalog/replace'
import type { ShelvedBackend } from '#catalog/shelf'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { type BoundsByBackend, listBounds, marketBounds } from '#refresh/bounds'
import { heldOffers } from '#refresh/catalog-file'
import { changesOf, sameOffers } from '#refresh/changes'
import { leaveQuarantine, newestOf, putInQuarantine } from '#refresh/quarantine'
import type { BackendReport } from '#refresh/report'
import { doubts } from '#refresh/sanity'
import { shelved } from './known-offers.ts'

/** Hosts ask what they like there, and come and go. */
const markets = new Set(['vastai', 'runpod', 'shadeform', 'primeintellect', 'hyperbolic'])

export interface Taking {
  readonly environment: Environment
  readonly dryRun: boolean
  /** Bounds of single backends, instead of those of their kind. */
  readonly bounds: BoundsByBackend
  /** Takes what is older, and what differs from the old beyond its bounds. */
  readonly force: boolean
  /** Resolves once the backend is in place. */
  readonly put: (replacement: BackendOffers) => Promise<void>
}

interface Candidate {
  readonly replacement: BackendOffers
  readonly rows: number
  readonly malformed: number
}

export type Verdict = Pick<BackendReport, 'state' | 'why' | 'changes'>

const newerThan = (seen: string, shelf: ShelvedBackend | null): string | null =>
  shelf !== null && shelf.newest > seen ? shelf.newest : null

/**
 * The embedded catalog answers for a backend until the user's saw it later: older data would be put
 * where nobody sees it, or hide what is fresher.
 */
const olderThanHeld = (
  seen: string,
  embedded: ShelvedBackend | null,
  own: ShelvedBackend | null,
): string | null => {
  const ownNewest = newerThan(seen, own)
  if (ownNewest !== null) return `seen ${seen}, and the catalog holds prices of ${ownNewest}`
  const newest = newerThan(seen, embedded)
  return newest === null ? null : `seen ${seen}, and the embedded prices are of ${newest}`
}

/** What changes for the reader beside the offers themselves. */
const remarksOn = (
  seen: string,
  embedded: ShelvedBackend | null,
  own: ShelvedBackend | null,
): readonly string[] => {
  const newest = newerThan(seen, embedded)
  if (newest !== null) return [`the embedded prices, of ${newest}, are newer and go on answering`]
  return own === null && embedded !== null
    ? [`in place of ${embedded.offers} embedded offers, seen until ${embedded.newest.slice(0, 10)}`]
    : []
}

export const take = async (candidate: Candidate, taking: Taking): Promise<Verdict> => {
  const { backend, offers } = candidate.replacement
  const seen = newestOf(offers)
  if (seen === null) return { state: 'incomplete', why: ['no offer came of it'], changes: null }
  const own = shelved(userCatalogPath(taking.environment), backend)
  const embedded = shelved(embeddedCatalogPath(), backend)
  const older = taking.force ? null : olderThanHeld(seen, embedded, own)
  return older === null
    ? judge(candidate, taking, {
        renew: seen !== own?.newest,
        remarks: remarksOn(seen, embedded, own),
      })
    : { state: 'skipped', why: [`${older}; --force takes it all the same`], changes: null }
}

interface Standing {
  /** Whether what is held was seen at another time. */
  readonly renew: boolean
  readonly remarks: readonly string[]
}

const judge = async (
  candidate: Candidate,
  { environment, dryRun, bounds: set, force, put }: Taking,
  { renew, remarks }: Standing,
): Promise<Verdict> => {
  const { replacement, rows, malformed } = candidate
  const { backend, offers } = replacement
  const home = dataHome(environment)
  const place = async (): Promise<void> => {
    if (dryRun) return
    await put(replacement)
    leaveQuarantine(home, backend)
  }
  const before = heldOffers(userCatalogPath(environment), backend)
  if (sameOffers(before, offers)) {
    if (renew) await place()
    return { state: 'unchanged', why: remarks, changes: null }
  }
  const changes = changesOf(before, offers)
  const embedded = before.length === 0 ? heldOffers(embeddedCatalogPath(), backend) : []
  const bounds = { ...(markets.has(backend) ? marketBounds : listBounds), ...set[backend] }
  const why = force ? [] : doubts({ before, after: offers, embedded, rows, malformed }, bounds)
  if (why.length > 0) {
    if (!dryRun) putInQuarantine(home, { ...replacement, why })
    return { state: 'quarantined', why, changes }
  }
  await place()
  return { state: 'refreshed', why: remarks, changes }
}
