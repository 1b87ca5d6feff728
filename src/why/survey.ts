/**
 * One walk over the machines of a catalog file. It counts offers by the filters that turn them away,
 * and gathers the candidates for relaxations. Offers are read only where a summary leaves open what
 * the answer needs.
 */
import { unknownPrice } from '#catalog/tables'
import type { Requirements } from '#domain/requirements'
import { readDictionaries } from '#offers/dictionaries'
import type { Sqlite } from '#platform/sqlite'
import type { Filter } from './filters.ts'
import { bitCount, type Candidates, mostTouched, unmet } from './front.ts'
import { gone, met } from './levels.ts'
import { needsOf } from './machine-needs.ts'
import { type Machine, readMachines } from './machines.ts'
import {
  groupReader,
  type Limits,
  type OfferGroup,
  priceOf,
  type ReadGroups,
  summaryGroup,
} from './offer-groups.ts'
import type { Tally } from './waterfall.ts'

export interface Asked {
  readonly requirements: Requirements
  readonly filters: readonly Filter[]
}

export interface Findings {
  readonly tally: Tally
  readonly candidates: Candidates
}

export interface SurveyedFile {
  readonly database: Sqlite
  /** Null for all that the file holds. */
  readonly backends: readonly string[] | null
}

/** Adds to the findings what one state of the file holds of those backends. */
export const surveyFile = (file: SurveyedFile, asked: Asked, findings: Findings): void => {
  file.database.transaction(() => survey(file, asked, findings))()
}

const survey = (file: SurveyedFile, asked: Asked, findings: Findings): void => {
  const dictionaries = readDictionaries(file.database)
  const owned =
    file.backends && new Set(file.backends.map((name) => dictionaries.backends.get(name)))
  const plan = planOf(asked.filters, (name) => dictionaries.regionIds(name))
  const needs = needsOf(asked.filters, asked.requirements, dictionaries)
  const visits = readMachines(file.database)
    .filter(({ backendId }) => owned?.has(backendId) ?? true)
    .map((machine) => visitOf(machine, needs))
  const offersOf = readOffers(file.database, visits, plan)
  for (const visit of visits) {
    const offers = offersOf(visit)
    count(visit, offers, { plan, tally: findings.tally })
    const backend = dictionaries.backendName(visit.machine.backendId)
    for (const { levels, standing } of candidatesOf(visit, offers, plan)) {
      findings.candidates.add({ levels, standing, backend, machine: visit.machine })
    }
  }
}

/** Where the filters stand that depend on the offer; -1 where nobody asked. */
interface Plan extends Limits {
  readonly regionAt: number
  readonly priceAt: number
}

const planOf = (
  filters: readonly Filter[],
  regionIds: (name: string) => readonly number[],
): Plan => {
  const regions = filters.find(({ name }) => name === 'regions')
  const price = filters.find(({ name }) => name === 'max-price')
  const max = price?.kind === 'bound' ? Math.floor(price.asked) : unknownPrice
  return {
    regionAt: filters.findIndex(({ name }) => name === 'regions'),
    priceAt: filters.findIndex(({ name }) => name === 'max-price'),
    regionIds: regions?.kind === 'set' ? regions.asked.flatMap(regionIds) : null,
    priceMax: price === undefined ? max : Math.min(max, unknownPrice - 1),
  }
}

/** A machine and how far each filter is from admitting it, its place and price left aside. */
interface Visit {
  readonly machine: Machine
  readonly levels: readonly number[]
  readonly bits: number
  readonly touched: number
  /** False where a relaxation cannot reach it. */
  readonly reachable: boolean
}

const visitOf = (machine: Machine, needs: ReturnType<typeof needsOf>): Visit => {
  const levels = needs.map((need) => need?.(machine) ?? met)
  const bits = unmet(levels)
  const touched = bitCount(bits)
  const reachable = touched <= mostTouched && !levels.some(Number.isNaN)
  return { machine, levels, bits, touched, reachable }
}

/** What is known of the offers of a machine; null where the answer does not depend on it. */
interface Offers {
  /** Those in the regions asked for. */
  readonly inside: OfferGroup | null
  /** The least standing of the others. */
  readonly leastOutside: number | null
}

const readOffers = (
  database: Sqlite,
  visits: readonly Visit[],
  plan: Plan,
): ((visit: Visit) => Offers) => {
  const read = groupReader(database, plan)
  return plan.regionIds === null ? readAnywhere(read, visits, plan) : readPlaced(read, visits, plan)
}

const idsOf = (visits: readonly Visit[], wanted: (visit: Visit) => boolean): readonly number[] =>
  visits.filter(wanted).map(({ machine }) => machine.id)

const readAnywhere = (
  read: ReadGroups,
  visits: readonly Visit[],
  { priceMax }: Plan,
): ((visit: Visit) => Offers) => {
  const isOpen = ({ touched, machine }: Visit): boolean =>
    touched <= 1 && summaryGroup(machine, priceMax) === null
  const group = read(idsOf(visits, isOpen), 'anywhere')
  return (visit) => ({
    inside:
      summaryGroup(visit.machine, priceMax) ?? (isOpen(visit) ? group(visit.machine.id) : null),
    leastOutside: null,
  })
}

const readPlaced = (
  read: ReadGroups,
  visits: readonly Visit[],
  { regionAt }: Plan,
): ((visit: Visit) => Offers) => {
  // Of what fails twice, and once before regions are asked for, no count depends on the region.
  const early = (1 << regionAt) - 1
  const isWanted = ({ touched, reachable, bits }: Visit): boolean =>
    touched <= 1 || reachable || (bits & early) === 0
  const inside = read(idsOf(visits, isWanted), 'inside')
  const isOpen = ({ bits, machine }: Visit): boolean => {
    const { offers, least } = inside(machine.id)
    return bits === 0 && offers < machine.offers && least === machine.leastStanding
  }
  const outside = read(idsOf(visits, isOpen), 'outside')
  return (visit) => {
    const { machine } = visit
    if (!isWanted(visit)) return { inside: null, leastOutside: null }
    const near = inside(machine.id)
    if (isOpen(visit)) return { inside: near, leastOutside: outside(machine.id).least }
    const none = near.offers === machine.offers
    return { inside: near, leastOutside: none ? null : machine.leastStanding }
  }
}

const bitAt = (index: number): number => (index < 0 ? 0 : 1 << index)

/** Counts by the filters that fail. Past the second, and past the first in order, none matters. */
const count = (
  { machine, bits }: Visit,
  { inside }: Offers,
  { plan, tally }: { readonly plan: Plan; readonly tally: Tally },
): void => {
  if (inside === null) {
    tally.add(bits, machine.offers)
    return
  }
  tally.add(bits, inside.affordable)
  tally.add(bits | bitAt(plan.priceAt), inside.offers - inside.affordable)
  tally.add(bits | bitAt(plan.regionAt), machine.offers - inside.offers)
}

interface Point {
  readonly levels: readonly number[]
  readonly standing: number
}

/**
 * The least points of a machine's offers: one in the regions asked for, one outside. Where the machine
 * fails nothing else, offers that match already are left out. Where it does, the outside may stand for
 * all: an offer in the regions has a lesser point than one outside at the same price.
 */
const candidatesOf = (visit: Visit, offers: Offers, plan: Plan): readonly Point[] => {
  if (!visit.reachable) return []
  const { levels, bits, machine } = visit
  const near = bits === 0 ? offers.inside?.leastDearer : leastInside(visit, offers, plan)
  const points = near === undefined || near === null ? [] : [pointOf(levels, near, plan)]
  if (plan.regionIds === null) return points
  const far = bits === 0 ? offers.leastOutside : machine.leastStanding
  return far === null ? points : [...points, pointOf(levels.with(plan.regionAt, gone), far, plan)]
}

const leastInside = ({ machine }: Visit, { inside }: Offers, plan: Plan): number | null =>
  plan.regionIds === null ? machine.leastStanding : (inside?.least ?? null)

const pointOf = (levels: readonly number[], standing: number, plan: Plan): Point => {
  const price = priceOf(standing)
  if (plan.priceAt < 0 || price <= plan.priceMax) return { levels, standing }
  const level = price >= unknownPrice ? gone : price
  return { levels: levels.with(plan.priceAt, level), standing }
}
