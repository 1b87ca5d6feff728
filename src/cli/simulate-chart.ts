/** Replicas over time, and requests beneath them, in a terminal or a pipe. */
import { courseEndMs, replicasByPart, requestsByPart, stepsOf } from '#api/simulate'
import type { SimulationOutcome } from './simulate-outcome.ts'
import { printMs, printRate } from './simulate-words.ts'
import { padStart } from './text-width.ts'

interface Signs {
  readonly full: string
  readonly half: string
  readonly side: string
  readonly corner: string
  readonly floor: string
  readonly steps: readonly string[]
}

const drawn: Signs = {
  full: '█',
  half: '▄',
  side: '┤',
  corner: '└',
  floor: '─',
  steps: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
}

const plain: Signs = {
  full: '#',
  half: '.',
  side: '|',
  corner: '+',
  floor: '-',
  steps: [' ', '.', ':', '-', '=', '+', '*', '#'],
}

const mostRows = 8
const widest = 100
const narrowest = 24

/** One row of the chart, the lowest is 0; a value that reaches half of a row is drawn half. */
const printRow = (values: readonly number[], row: number, perRow: number, signs: Signs): string =>
  values
    .map((value) => {
      const above = value / perRow - row
      return above >= 1 ? signs.full : above > 0 ? signs.half : ' '
    })
    .join('')

const printBars = (values: readonly number[], signs: Signs, labelWidth: number): string[] => {
  const most = Math.max(...values, 1)
  const perRow = Math.max(1, Math.ceil(most / mostRows))
  const rows = Math.ceil(most / perRow)
  return Array.from({ length: rows }, (_, index) => {
    const row = rows - 1 - index
    const label = padStart(String((row + 1) * perRow), labelWidth)
    return `${label} ${signs.side}${printRow(values, row, perRow, signs)}`.trimEnd()
  })
}

const printRates = (rates: readonly number[], signs: Signs): string => {
  const most = Math.max(...rates, Number.MIN_VALUE)
  const top = signs.steps.length - 1
  // Whatever is not nothing is seen.
  return rates.map((rate) => signs.steps[Math.ceil((rate / most) * top)] ?? '').join('')
}

const printAxis = (lengthMs: number, room: number): string => {
  const end = printMs(lengthMs)
  return `0s${padStart(end, room - 2)}`
}

export const printChart = (
  outcome: SimulationOutcome,
  look: { readonly width: number | null; readonly unicode: boolean },
): readonly string[] => {
  const { trace, simulation } = outcome
  const signs = look.unicode ? drawn : plain
  const steps = stepsOf(trace, simulation)
  const labelWidth = Math.max(...steps.map(({ replicas }) => String(replicas).length)) + 1
  const width = Math.min(Math.max(look.width ?? 80, narrowest), widest)
  const parts = width - labelWidth - 2
  const span = { startMs: trace.startMs, endMs: courseEndMs(simulation), parts }
  const rates = requestsByPart(trace, span)
  const indent = ' '.repeat(labelWidth + 2)
  return [
    'Replicas',
    ...printBars(replicasByPart(steps, span), signs, labelWidth),
    `${padStart('0', labelWidth)} ${signs.corner}${signs.floor.repeat(parts)}`,
    `${indent}${printAxis(span.endMs - span.startMs, parts)}`,
    `Requests, ${printRate(Math.max(...rates))} at the most`,
    `${indent}${printRates(rates, signs)}`.trimEnd(),
  ]
}
