/** The values of `simulate`'s options. */
import { ArgumentError } from '#domain/errors'
import { parseUsd } from '#domain/price'

const msPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `350ms`, `2.5s`, `3m`; a bare number is seconds. Whole milliseconds. */
export const durationMs =
  (option: string) =>
  (value: string): number => {
    const [, amount, unit = 's'] = /^(\d{1,7}(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? []
    if (amount === undefined) {
      throw new ArgumentError(`${option} "${value}" is no duration`, {
        hint: 'a number and one of ms, s, m, h, such as 2.5s',
      })
    }
    return Math.round(Number(amount) * (msPerUnit[unit] ?? 1000))
  }

export const parseConcurrency = (value: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(value)) {
    throw new ArgumentError(`--concurrency "${value}" is no number of requests`, {
      hint: 'a whole number from 1 to 99999',
    })
  }
  return Number(value)
}

/** Nano-USD. */
export const parsePrice = (value: string): number => {
  const priceNanoUsd = parseUsd(value)
  if (priceNanoUsd === null || priceNanoUsd < 0) {
    throw new ArgumentError(`--price "${value}" is no price`, {
      hint: 'dollars per instance-hour, such as 1.20',
    })
  }
  return priceNanoUsd
}
