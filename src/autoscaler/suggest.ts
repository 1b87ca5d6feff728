/** Other values of `scaling`, tried on the same trace. */
import {
  simulate,
  type SimulatedScaling,
  type SimulatedService,
  type Simulation,
  type Trace,
} from './simulate.ts'

export interface Suggestion {
  readonly scaling: SimulatedScaling
  readonly simulation: Simulation
}

export interface Suggestions {
  /** Values that were tried beside the present ones. */
  readonly tried: number
  /** No worse than the present ones in anything, better in something, and not beaten by another. */
  readonly better: readonly Suggestion[]
  /** Cost more, so that fewer are dropped or wait for less long, and not beaten by another. */
  readonly dearer: readonly Suggestion[]
}

/** Of the present target. */
const targetFactors = [0.5, 0.75, 1.5, 2, 3]
/** Of what a replica can serve at most. */
const capacityFactors = [0.5, 0.7, 0.9]
const upDelaysSeconds = [30, 120]
const downDelaysSeconds = [60, 300, 900]

/** Requests and decisions to replay in all: more take too long for a command. */
const mostWork = 6_000_000

const workOf = ({ arrivalsMs, startMs, endMs }: Trace, service: SimulatedService): number =>
  arrivalsMs.length + (endMs - startMs) / service.decideEveryMs

const mostDearer = 5

const threeDigits = (value: number): number => Number(value.toPrecision(3))

const unique = (values: readonly number[]): readonly number[] => [...new Set(values)]

const changesFrom = (present: SimulatedScaling, other: SimulatedScaling): number =>
  Number(present.target !== other.target) +
  Number(present.scaleUpDelaySeconds !== other.scaleUpDelaySeconds) +
  Number(present.scaleDownDelaySeconds !== other.scaleDownDelaySeconds)

/** With the fewest changes first, so that whatever is left out is farthest from the present. */
const candidates = (
  present: SimulatedScaling,
  { concurrency, serviceMs }: SimulatedService,
): readonly SimulatedScaling[] => {
  const ups = unique([present.scaleUpDelaySeconds, ...upDelaysSeconds])
  const downs = unique([present.scaleDownDelaySeconds, ...downDelaysSeconds])
  const targets = unique([
    present.target,
    ...targetFactors.map((factor) => threeDigits(present.target * factor)),
    ...capacityFactors.map((factor) => threeDigits((factor * concurrency * 1000) / serviceMs)),
  ])
  const all = targets.flatMap((target) =>
    downs.flatMap((scaleDownDelaySeconds) =>
      ups.map((scaleUpDelaySeconds) => ({ target, scaleUpDelaySeconds, scaleDownDelaySeconds })),
    ),
  )
  return all
    .filter((one) => changesFrom(present, one) > 0)
    .toSorted((a, b) => changesFrom(present, a) - changesFrom(present, b))
}

/** What one pays, and what those wait who ask: less is better. */
const figuresOf = ({ replicaMs, dropped, waits }: Simulation): readonly number[] => [
  replicaMs,
  dropped,
  waits?.p95Ms ?? 0,
]

/** No worse in anything, and better in something. */
const isBetter = (one: Simulation, other: Simulation): boolean => {
  const [ones, others] = [figuresOf(one), figuresOf(other)]
  const pairs = ones.map((figure, index) => figure - (others[index] ?? 0))
  return pairs.every((difference) => difference <= 0) && pairs.some((difference) => difference < 0)
}

/** At whatever cost. */
const servesBetter = (one: Simulation, other: Simulation): boolean =>
  isBetter({ ...one, replicaMs: other.replicaMs }, other)

const isSame = (one: Simulation, other: Simulation): boolean =>
  figuresOf(one).every((figure, index) => figure === figuresOf(other)[index])

/** The cheapest first; of values that come to the same the first tried. */
const frontier = (found: readonly Suggestion[]): readonly Suggestion[] =>
  found
    .filter(
      ({ simulation }, index) =>
        !found.some(
          (other, at) =>
            isBetter(other.simulation, simulation) ||
            (at < index && isSame(other.simulation, simulation)),
        ),
    )
    .toSorted((a, b) => a.simulation.replicaMs - b.simulation.replicaMs)

/** The ends of a long list, and what lies evenly between. */
const thinned = (found: readonly Suggestion[]): readonly Suggestion[] => {
  if (found.length <= mostDearer) return found
  const step = (found.length - 1) / (mostDearer - 1)
  return Array.from({ length: mostDearer }, (_, index) => found[Math.round(index * step)]).filter(
    (one) => one !== undefined,
  )
}

/** Long traces are tried with fewer values; none are where the number of replicas is fixed. */
export const suggestScaling = (
  trace: Trace,
  service: SimulatedService,
  present: Simulation,
): Suggestions => {
  if (service.scaling === null) return { tried: 0, better: [], dearer: [] }
  const most = Math.floor(mostWork / Math.max(workOf(trace, service), 1))
  const tried = candidates(service.scaling, service)
    .slice(0, most)
    .map((scaling) => ({ scaling, simulation: simulate(trace, { ...service, scaling }) }))
  const isDearer = ({ simulation }: Suggestion): boolean =>
    simulation.replicaMs > present.replicaMs && servesBetter(simulation, present)
  return {
    tried: tried.length,
    better: frontier(tried.filter(({ simulation }) => isBetter(simulation, present))),
    dearer: thinned(frontier(tried).filter(isDearer)),
  }
}
