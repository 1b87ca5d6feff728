import { numberOf, refusal, show, wholeNumber } from './scalar.ts'

const secondsPerUnit: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
}

const fromText = (text: string): number | null => {
  const bare = wholeNumber(text)
  if (bare !== null) return bare
  const [, amount, unit = ''] = /^(\d+) *([smhdw])\n?$/.exec(text.normalize('NFKC')) ?? []
  return amount === undefined ? null : Number(amount) * (secondsPerUnit[unit] ?? 1)
}

const hint = 'durations are one whole number and one of s, m, h, d, w, such as "90m"'

/** A duration in seconds: `90m`, `"5400"`, 5400. A fraction of a second is cut off. */
export const parseDuration = (value: unknown): number => {
  const seconds = typeof value === 'string' ? fromText(value) : numberOf(value)
  if (seconds === null || Number.isNaN(seconds))
    throw refusal(`${show(value)} is no duration`, hint)
  if (seconds < 0) throw refusal(`duration ${show(value)} is less than 0`, hint)
  if (seconds > Number.MAX_SAFE_INTEGER) throw refusal(`duration ${show(value)} is too long`)
  return Math.trunc(seconds)
}

/** As a duration, or `off` for none. An unquoted `off` is `false` to readers of YAML 1.1. */
export const parseMaxDuration = (value: unknown): number | 'off' =>
  value === 'off' || value === false ? 'off' : parseDuration(value)

/** As a duration; `off` is asked for in a later dstack, and has its own key here. */
export const parseIdleTime = (value: unknown): number => {
  if (value === 'off' || value === false)
    throw refusal(
      `${show(value)} is no duration`,
      'to keep idle instances, write termination_policy: dont-destroy',
    )
  return parseDuration(value)
}
