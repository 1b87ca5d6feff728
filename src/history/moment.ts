/** Moments as people write them. */
import { ArgumentError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import { dayOf, isDay } from '#platform/day'
import { printInstant } from '#platform/http-time'

const secondsPer: Readonly<Record<string, number>> = {
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
}

const secondsOf = (instant: string): number => Math.floor((parseInstant(instant) ?? 0) / 1000)

/** RFC 3339, of seconds since 1970. */
export const printMoment = (seconds: number): string => printInstant(seconds * 1000)

/** The last second of a day, in seconds since 1970. */
export const endOfDay = (day: string): number => secondsOf(`${day}T23:59:59Z`)

/** `7d` before now, or the start of a day; in seconds since 1970. `flag` names it in the error. */
export const parseSince = (text: string, nowMs: number, flag: string): number => {
  const nowSeconds = Math.floor(nowMs / 1000)
  const [, amount, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const seconds = secondsPer[unit]
  if (amount !== undefined && seconds !== undefined) return nowSeconds - Number(amount) * seconds
  if (!isDay(text)) {
    throw new ArgumentError(`${flag} "${text}" is neither a duration nor a day`, {
      hint: 'such as 12h, 7d or 2026-11-01',
    })
  }
  if (secondsOf(`${text}T00:00:00Z`) > nowSeconds) {
    throw new ArgumentError(`${flag} "${text}" lies in the future`, {
      hint: `days are those of UTC: today is ${dayOf(nowMs)}`,
    })
  }
  return secondsOf(`${text}T00:00:00Z`)
}
