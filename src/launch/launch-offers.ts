/** Where a run can be launched from here, cheapest first. */
import { BackendUnusableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Environment } from '#platform/environment'
import type { Hands } from '#runs/hands'
import { offersNow } from './offers-now.ts'
import { matcherOf } from './matching.ts'
import { launchersHere, namedOnly } from './usable.ts'

interface OffersGiven {
  readonly requirements: Requirements
  readonly environment: Environment
  readonly hands: Pick<Hands, 'backend' | 'machines' | 'signal'>
  /** All offers of the catalog that match, best first. */
  readonly search: (requirements: Requirements) => Promise<readonly Offer[]>
}

/** A bare machine is worth its money only where something can be started on it over SSH. */
const readyNames = async ({
  environment,
  hands: { machines },
}: OffersGiven): Promise<readonly string[]> =>
  (await launchersHere(environment))
    .filter(({ readiness }) => readiness.status === 'ready')
    .filter(({ provisioner }) => machines !== null || provisioner.traits.runtime !== 'vm')
    .map(({ launcher }) => launcher.name)

/** What was named and can be used; without names all that is set up here, or else this machine. */
const chosenAmong = (
  ready: readonly string[],
  wanted: readonly string[] | null,
): readonly string[] => {
  if (wanted !== null) return ready.filter((name) => wanted.includes(name))
  const setUp = ready.filter((name) => !namedOnly.has(name))
  return setUp.length > 0 ? setUp : ready.filter((name) => name === 'local')
}

const byStanding = (one: Offer, other: Offer): number =>
  Number(one.stock === 'none') - Number(other.stock === 'none') ||
  (one.priceNanoUsd ?? Infinity) - (other.priceNanoUsd ?? Infinity) ||
  0

const inventories = async (
  names: readonly string[],
  { requirements, hands }: OffersGiven,
): Promise<{ readonly offers: readonly Offer[]; readonly own: ReadonlySet<string> }> => {
  const isMatch = matcherOf(requirements)
  const own = new Set<string>()
  const offers: Offer[] = []
  for (const name of names) {
    const backend = await hands.backend(name)
    if (backend?.provisioner.inventory === undefined) continue
    own.add(name)
    offers.push(...(await offersNow(backend, hands.signal)).filter(isMatch))
  }
  return { offers, own }
}

/** Throws BackendUnusableError where nothing can be launched at all. */
export const launchOffers = async (given: OffersGiven): Promise<readonly Offer[]> => {
  const { requirements, search } = given
  const names = chosenAmong(await readyNames(given), requirements.backends)
  if (names.length === 0) {
    const wanted = (requirements.backends ?? []).map((name) => `"${name}"`).join(', ')
    throw new BackendUnusableError(`nothing can be launched here${wanted && ` at ${wanted}`}`, {
      hint: 'dstack-offers doctor says what each backend lacks',
    })
  }
  const { offers, own } = await inventories(names, given)
  const listed = names.filter((name) => !own.has(name))
  const found = listed.length === 0 ? [] : await search({ ...requirements, backends: listed })
  return [...found, ...offers].toSorted(byStanding)
}
