/** Replicas over time as a picture of its own: no script, no font, no file beside it. */
import { courseEndMs, requestsByPart, stepsOf, type Step } from '#api/simulate'
import type { SimulationOutcome } from './simulate-outcome.ts'
import { printMs, printRate } from './simulate-words.ts'

const size = { width: 800, height: 360 } as const
const plot = { left: 56, right: 744, top: 56, bottom: 300 } as const
const rateParts = 240

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Control characters are not allowed in XML at all. */
const escapeXml = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? '')

const short = (value: number): string => String(Number(value.toFixed(1)))

interface Scales {
  readonly x: (atMs: number) => number
  readonly y: (share: number) => number
}

const scalesOf = (startMs: number, endMs: number): Scales => ({
  x: (atMs) =>
    plot.left + ((atMs - startMs) / Math.max(endMs - startMs, 1)) * (plot.right - plot.left),
  y: (share) => plot.bottom - share * (plot.bottom - plot.top),
})

/** A line that goes sideways, then up or down, closed at the bottom. */
const areaOf = (
  steps: readonly Step[],
  value: (step: Step) => number,
  { x, y, most }: Scales & { readonly most: number },
): string => {
  const path = steps.map((step) => `H${short(x(step.atMs))}V${short(y(value(step) / most))}`)
  return `M${plot.left} ${plot.bottom}${path.join('')}H${plot.right}V${plot.bottom}Z`
}

const lineOf = (rates: readonly number[], { y }: Scales, most: number): string =>
  rates
    .map((rate, index) => {
      const x = plot.left + ((index + 0.5) / rates.length) * (plot.right - plot.left)
      return `${short(x)},${short(y(rate / most))}`
    })
    .join(' ')

const text = (x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(words)}</text>`

const gridOf = (most: number, { y }: Scales): readonly string[] => {
  const step = Math.max(1, Math.ceil(most / 8))
  const values = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
  return values.flatMap((value) => {
    const at = short(y(value / most))
    return [
      `<line x1="${plot.left}" y1="${at}" x2="${plot.right}" y2="${at}" stroke="#dddddd"/>`,
      text(plot.left - 8, Number(at) + 4, 'end', String(value)),
    ]
  })
}

const timesOf = (lengthMs: number): readonly string[] =>
  [0, 0.25, 0.5, 0.75, 1].map((share) =>
    text(
      plot.left + share * (plot.right - plot.left),
      plot.bottom + 20,
      'middle',
      printMs(share * lengthMs),
    ),
  )

const legendOf = (mostRate: number): readonly string[] => {
  const swatch = (x: number, colour: string): string =>
    `<rect x="${x}" y="336" width="12" height="12" fill="${colour}"/>`
  return [
    swatch(56, '#0b6e99'),
    text(74, 346, 'start', 'ready'),
    swatch(136, '#b7d7e4'),
    text(154, 346, 'start', 'starting'),
    swatch(236, '#c2410c'),
    text(254, 346, 'start', `requests, ${printRate(mostRate)} at the most`),
  ]
}

export const printSvg = ({ file, traceFile, trace, simulation }: SimulationOutcome): string => {
  const { startMs } = trace
  const endMs = courseEndMs(simulation)
  const steps = stepsOf(trace, simulation)
  const most = Math.max(...steps.map(({ replicas }) => replicas), 1)
  const rates = requestsByPart(trace, { startMs, endMs, parts: rateParts })
  const mostRate = Math.max(...rates, Number.MIN_VALUE)
  const scales = scalesOf(startMs, endMs)
  const area = { ...scales, most }
  const title = `${file} under ${traceFile}: replicas over time`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12" fill="#333333" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
    `<g font-size="15">${text(plot.left, 30, 'start', title)}</g>`,
    ...gridOf(most, scales),
    `<path d="${areaOf(steps, ({ replicas }) => replicas, area)}" fill="#b7d7e4"/>`,
    `<path d="${areaOf(steps, ({ ready }) => ready, area)}" fill="#0b6e99"/>`,
    `<polyline points="${lineOf(rates, scales, mostRate)}" fill="none" stroke="#c2410c" stroke-width="1.5"/>`,
    ...timesOf(endMs - startMs),
    ...legendOf(mostRate),
    '</svg>',
    '',
  ].join('\n')
}
