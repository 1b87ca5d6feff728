/** Why so few offers match: what each filter costs, and the least changes that give more. */
import type { GpuVendor } from '#domain/gpu'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { applyChanges, type Change } from './changes.ts'
import { type Filter, filtersOf, isUpperBound } from './filters.ts'
import { type Candidate, Candidates } from './front.ts'
import { met, valueAt } from './levels.ts'
import { type NearMiss, nearMisses } from './near-misses.ts'
import { surveyFile } from './survey.ts'
import { Tally } from './waterfall.ts'

/** One filter of the waterfall. */
export interface Step {
  readonly filter: Filter
  /** Offers that pass this filter and all before it. */
  readonly left: number
  /** Offers that pass all before it, but not this. */
  readonly removed: number
  /** What would match if this filter alone were dropped. */
  readonly ifDropped: { readonly offers: number; readonly cheapest: Offer | null }
}

/**
 * A change of requirements that admits an offer they turn away. It moves bounds to values at which an
 * offer lies, or drops sets; three filters at most. It is minimal: with any of its changes left out,
 * or any bound moved less far, it admits no more than the requirements do. So where several bounds
 * move, it is a point of their Pareto front.
 *
 * A bound is dropped only where no value will do: an unknown price, an unknown compute capability,
 * a disk smaller than a configuration can name. A demand for accelerators stays one: the least count
 * moves down to 1 at most. Vendors follow from the rest of a configuration, and are never dropped.
 */
export interface Relaxation {
  /** In the order of filters. */
  readonly changes: readonly Change[]
  readonly requirements: Requirements
  /** How many offers match once it is applied, and how many of them did not before. */
  readonly offers: number
  readonly added: number
  /** The first in rank once it is applied, and the first of those added. */
  readonly cheapest: Offer
  readonly cheapestAdded: Offer
}

export interface Why {
  readonly requirements: Requirements
  /** Offers in the catalog. */
  readonly total: number
  readonly matched: number
  readonly steps: readonly Step[]
  /** The fewest changes first, then the cheapest; as many as were asked for. */
  readonly relaxations: readonly Relaxation[]
  /** How many there are. */
  readonly relaxationsFound: number
  readonly nearMisses: readonly NearMiss[]
}

/** Relaxations shown where nobody says how many. */
export const usualRelaxations = 5

export interface WhyOptions {
  /** How many are told; 0 tells all. */
  readonly relaxations?: number
  /** Whose GPUs a demand means once it names none: null, and if it is not said, anyone's. */
  readonly unnamedVendors?: readonly GpuVendor[] | null
}

export const explainWhy = (
  catalog: Catalog,
  requirements: Requirements,
  { relaxations = usualRelaxations, unnamedVendors = null }: WhyOptions = {},
): Why => {
  const filters = filtersOf(requirements, unnamedVendors)
  const findings = { tally: new Tally(), candidates: new Candidates() }
  // Asked of every backend, a file tells which ones it answers for: null is all it has.
  catalog.readFiles({ ...requirements, backends: null }, (database, { backends }) =>
    surveyFile({ database, backends }, { requirements, filters }, findings),
  )
  const { tally } = findings
  const least = findings.candidates.least()
  const tell = { catalog, requirements, filters, matched: tally.matched }
  return {
    requirements,
    total: tally.total,
    matched: tally.matched,
    steps: filters.map((filter, index) => stepOf(filter, index, tally, tell)),
    relaxations: least.slice(0, relaxations || undefined).map((one) => relaxationOf(one, tell)),
    relaxationsFound: least.length,
    nearMisses: nearMisses(requirements, catalog),
  }
}

interface Telling {
  readonly catalog: Catalog
  readonly requirements: Requirements
  readonly filters: readonly Filter[]
  readonly matched: number
}

const stepOf = (
  filter: Filter,
  index: number,
  tally: Tally,
  { catalog, requirements }: Telling,
): Step => {
  const left = tally.passing(index + 1)
  const dropped = applyChanges(requirements, [{ filter, to: null }])
  const offers = isCountedApart(filter) ? catalog.count(dropped) : tally.without(index)
  return {
    filter,
    left,
    removed: tally.passing(index) - left,
    ifDropped: { offers, cheapest: offers === 0 ? null : firstOf(catalog, dropped) },
  }
}

/** Without GPU names, vendors may take their place; outside regions, the survey looks at no price. */
const isCountedApart = ({ name }: Filter): boolean => name === 'gpu-names' || name === 'regions'

const relaxationOf = (candidate: Candidate, telling: Telling): Relaxation => {
  const { catalog, filters } = telling
  const changes = changesOf(candidate, filters)
  const requirements = applyChanges(telling.requirements, changes)
  const offers = catalog.count(requirements)
  const cheapest = firstOf(catalog, requirements)
  return {
    changes,
    requirements,
    offers,
    added: offers - keptOf(changes, telling),
    cheapest,
    cheapestAdded: telling.matched === 0 ? cheapest : firstAdded(candidate, requirements, telling),
  }
}

/** What matched before and still does: all, unless GPUs that are no longer named are of other makers. */
const keptOf = (
  changes: readonly Change[],
  { catalog, requirements, matched }: Telling,
): number => {
  const { gpu } = requirements
  const vendors = changes
    .map(({ filter }) => (filter.name === 'gpu-names' ? filter.thenVendors : null))
    .find((then) => then !== null)
  if (matched === 0 || gpu === null || vendors === undefined) return matched
  return catalog.count({ ...requirements, gpu: { ...gpu, vendors } })
}

const changesOf = ({ levels }: Candidate, filters: readonly Filter[]): readonly Change[] =>
  filters.flatMap((filter, index) => {
    const level = levels[index] ?? met
    if (level === met) return []
    const to = filter.kind === 'bound' ? valueAt(level, isUpperBound(filter.name)) : null
    return [{ filter, to }]
  })

const firstOf = (catalog: Catalog, requirements: Requirements): Offer =>
  found(catalog.first(requirements, 1)[0])

/** The machine of the candidate has it; it is sold in few enough regions to read them all. */
const firstAdded = (
  { backend, machine }: Candidate,
  relaxed: Requirements,
  { catalog, requirements }: Telling,
): Offer => {
  const before = lower(requirements)
  const only = { backends: [backend], instanceTypes: [machine.instanceType], spot: machine.spot }
  const offers = catalog.first({ ...relaxed, ...only }, 0)
  return found(offers.find((offer) => !matches(before, offer)))
}

const found = (offer: Offer | undefined): Offer => {
  if (offer === undefined) throw new TypeError('the search lacks an offer that was surveyed')
  return offer
}
