/** What a simulation's figures look like. */
import type { SimulatedScaling } from '#api/simulate'

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

const short = (value: number): string => String(Number(value.toFixed(2)))

/** The two largest units: `350ms`, `2.5s`, `3m`, `1h 20m`. */
export const printMs = (ms: number): string => {
  if (ms === 0) return '0s'
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 60_000) return `${short(ms / 1000)}s`
  const whole = Math.round(ms / 1000) * 1000
  const at = units.findIndex(([, size]) => whole >= size)
  const [unit, size] = units[at] ?? ['s', 1000]
  const [smaller, smallerSize] = units[at + 1] ?? ['s', 1000]
  const rest = Math.floor((whole % size) / smallerSize)
  return `${Math.floor(whole / size)}${unit}${rest === 0 ? '' : ` ${rest}${smaller}`}`
}

export const printRate = (perSecond: number): string => `${Number(perSecond.toPrecision(3))}/s`

export const printHours = (ms: number): string => (ms / 3_600_000).toFixed(2)

export const printDelays = ({
  scaleUpDelaySeconds,
  scaleDownDelaySeconds,
}: SimulatedScaling): readonly string[] => [
  `up after ${printMs(scaleUpDelaySeconds * 1000)}`,
  `down after ${printMs(scaleDownDelaySeconds * 1000)}`,
]
