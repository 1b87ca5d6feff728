import { mibPerGb } from '#domain/memory'
import { decimalNumber, numberOf, refusal, show, textOf } from './scalar.ts'

const gbPerUnit: Readonly<Record<string, number>> = { tb: 1024, gb: 1, mb: 1 / 1024 }

const gigabytes = (value: unknown): number | null => {
  if (typeof value !== 'string') return numberOf(value)
  const [, number = '', unit = 'gb'] =
    /^(.*?)(tb|gb|mb)?$/s.exec(value.replaceAll(' ', '').toLowerCase()) ?? []
  const amount = decimalNumber(number)
  return amount === null ? null : amount * (gbPerUnit[unit] ?? 1)
}

const hintFor = (value: unknown): string => {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([tgm])i?b?\s*$/i.exec(textOf(value) ?? '')
  const [, number, unit] = match ?? []
  return number === undefined || unit === undefined
    ? 'sizes are numbers with MB, GB or TB, such as "16GB"'
    : `did you mean "${number}${unit.toUpperCase()}B"?`
}

/** A size of memory or disk in MiB: `16GB`, `512MB`, `0.5TB`; a bare number is in GB. */
export const parseMemory = (value: unknown): number => {
  const size = gigabytes(value)
  if (size === null || Number.isNaN(size))
    throw refusal(`${show(value)} is no size`, hintFor(value))
  if (size < 0) throw refusal(`size ${show(value)} is less than 0`)
  if (size > Number.MAX_SAFE_INTEGER / mibPerGb) throw refusal(`size ${show(value)} is too large`)
  return size * mibPerGb
}
