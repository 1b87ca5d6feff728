/** What a simulation has come to, and which values of `scaling` would do better. */
import { costNanoUsd, type Simulation, type Suggestion } from '#api/simulate'
import { printUsd } from '#domain/price'
import type { SimulatedPrice, SimulationOutcome } from '#cli/simulate-outcome'
import { printDelays, printHours, printMs, printRate } from '#cli/simulate-words'
import type { Look } from '#cli/terminal'
import { flowParts, padEnd, visible, wrapText } from '#cli/text-width'
import { type Column, columnsWidth, rowPrinter } from './columns.ts'
import { printRounded } from './cost-columns.ts'
import { printCount, printCounted } from './numbers.ts'

type Fact = readonly [label: string, parts: readonly string[]]

const labelWidth = 15

const printFacts = (facts: readonly Fact[], { width, style }: Look): readonly string[] =>
  facts.map(
    ([label, parts]) =>
      `${style.bold(padEnd(label, labelWidth))}${flowParts(parts, { indent: labelWidth, width })}`,
  )

const printCost = ({ replicaMs }: Simulation, { priceNanoUsd }: SimulatedPrice): string =>
  priceNanoUsd === null ? '?' : `$${printRounded(costNanoUsd(replicaMs, priceNanoUsd), 2)}`

const describePrice = ({ priceNanoUsd, offer }: SimulatedPrice): readonly string[] => {
  const hourly = priceNanoUsd === null ? '?' : `$${printUsd(priceNanoUsd)} an hour`
  if (offer !== null) return [hourly, visible(offer.id), 'the cheapest offer']
  return priceNanoUsd === null ? [hourly, 'no offer matches'] : [hourly, 'as given']
}

const assumptionsOf = ({ trace, service, price }: SimulationOutcome): readonly Fact[] => {
  const { limits, scaling, serviceMs, startupMs, concurrency } = service
  const lengthMs = trace.endMs - trace.startMs
  const count = trace.arrivalsMs.length
  const rate = lengthMs === 0 ? [] : [`${printRate((count * 1000) / lengthMs)} on average`]
  return [
    ['Traffic', [`${printCounted(count, 'request')} in ${printMs(lengthMs)}`, ...rate]],
    [
      'Scaling',
      [
        `replicas ${limits.min}..${limits.max}`,
        ...(scaling === null
          ? ['none: their number is fixed']
          : [`target ${printRate(scaling.target)}`, ...printDelays(scaling)]),
      ],
    ],
    [
      'A replica',
      [
        `${printMs(serviceMs)} a request`,
        `${concurrency} at once`,
        `ready after ${printMs(startupMs)}`,
      ],
    ],
    ['Price', describePrice(price)],
  ]
}

const resultsOf = ({ simulation, price }: SimulationOutcome): readonly Fact[] => {
  const { requests, dropped, waits, coldStarts, replicaMs } = simulation
  const share = dropped === 0 ? '' : ` (${((dropped / requests) * 100).toFixed(1)}%)`
  return [
    ['Cost', [printCost(simulation, price), `${printHours(replicaMs)} replica-hours`]],
    [
      'Wait',
      waits === null
        ? ['nobody was answered']
        : [
            `p50 ${printMs(waits.p50Ms)}`,
            `p95 ${printMs(waits.p95Ms)}`,
            `longest ${printMs(waits.maxMs)}`,
          ],
    ],
    ['Dropped', [`${printCount(dropped)} of ${printCount(requests)}${share}`]],
    ['Cold starts', [printCount(coldStarts)]],
  ]
}

const suggestionColumns = (
  suggestions: readonly Suggestion[],
  price: SimulatedPrice,
): readonly Column[] => {
  const right = (heading: string, cells: readonly string[]): Column => ({
    heading,
    align: 'right',
    cells,
  })
  const seconds = (value: number): string => printMs(value * 1000)
  const scalings = suggestions.map(({ scaling }) => scaling)
  const simulations = suggestions.map(({ simulation }) => simulation)
  return [
    right(
      'TARGET',
      scalings.map(({ target }) => String(target)),
    ),
    right(
      'UP AFTER',
      scalings.map((one) => seconds(one.scaleUpDelaySeconds)),
    ),
    right(
      'DOWN AFTER',
      scalings.map((one) => seconds(one.scaleDownDelaySeconds)),
    ),
    right(
      'COST',
      simulations.map((one) => printCost(one, price)),
    ),
    right(
      'P95 WAIT',
      simulations.map(({ waits }) => (waits === null ? '-' : printMs(waits.p95Ms))),
    ),
    right(
      'DROPPED',
      simulations.map(({ dropped }) => printCount(dropped)),
    ),
    right(
      'HOURS',
      simulations.map(({ replicaMs }) => printHours(replicaMs)),
    ),
  ]
}

const fitting = (columns: readonly Column[], width: number | null): readonly Column[] => {
  for (let count = columns.length; count > 1; count -= 1) {
    const some = columns.slice(0, count)
    if (width === null || columnsWidth(some) <= width) return some
  }
  return columns.slice(0, 1)
}

const printSuggestions = (
  suggestions: readonly Suggestion[],
  price: SimulatedPrice,
  { width, style }: Look,
): readonly string[] => {
  if (suggestions.length === 0) return []
  const print = rowPrinter(fitting(suggestionColumns(suggestions, price), width))
  return [style.bold(print(-1)), ...suggestions.map((_, row) => print(row))]
}

const printTried = ({ suggestions, price }: SimulationOutcome, look: Look): readonly string[] => {
  const { tried, better, dearer } = suggestions
  if (tried === 0) return []
  const others = `${printCount(tried)} other values of scaling`
  const found =
    better.length === 0 ? `None of ${others} is better at no` : `Of ${others}, better at no`
  return [
    '',
    wrapText(`${found} greater cost${better.length === 0 ? '.' : ':'}`, {
      indent: 0,
      width: look.width,
    }),
    ...printSuggestions(better, price, look),
    ...(dearer.length === 0 ? [] : ['', 'Better at a greater cost:']),
    ...printSuggestions(dearer, price, look),
  ]
}

export const printSimulation = (
  outcome: SimulationOutcome,
  chart: readonly string[],
  look: Look,
): string =>
  [
    ...printFacts(assumptionsOf(outcome), look),
    '',
    ...printFacts(resultsOf(outcome), look),
    '',
    ...chart,
    ...printTried(outcome, look),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
