import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'
import { NumberAsWritten } from '#platform/yaml-tree'

/** The text of a scalar as the user wrote it; null for booleans, null, lists and mappings. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value instanceof NumberAsWritten ? value.text : null
}

/** The number of a value that is a number, however written; null for anything else, texts too. */
export const numberOf = (value: unknown): number | null => {
  if (typeof value === 'number') return value
  return value instanceof NumberAsWritten ? value.value : null
}

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof NumberAsWritten)

/** The value for a message: in quotes, on one line, cut where it is long. */
export const show = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list'
  if (isMapping(value)) return 'a mapping'
  const text = textOf(value) ?? String(value)
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return JSON.stringify(short)
}

/** The error of a value that does not parse. */
export const refusal = (message: string, hint?: string): ArgumentError =>
  new ArgumentError(message, { hint })

export const didYouMean = (text: string, candidates: Iterable<string>): string | undefined => {
  const near = nearest(text, candidates)
  return near === null ? undefined : `did you mean "${near}"?`
}

/**
 * The whole number a text spells, or null. Signs, blanks around, underscores between digits and
 * full-width digits are read as dstack reads them.
 */
export const wholeNumber = (text: string): number | null => {
  const plain = text.normalize('NFKC').trim()
  if (!/^[+-]?\d+(_\d+)*$/.test(plain)) return null
  const number = Number(plain.replaceAll('_', ''))
  return Number.isSafeInteger(number) ? number + 0 : null
}

/** The decimal number a text spells, or null: no exponents, no infinities. */
export const decimalNumber = (text: string): number | null => {
  const plain = text.trim()
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) + 0 : null
}
