/**
 * One text per JSON value, in the spirit of RFC 8785: keys in the order of their UTF-16 code units,
 * no blanks, the shortest digits that give a number back. Unlike there, no number has an exponent.
 */
import type { Json } from '#domain/json'
import { digester } from '#platform/digest'

/** The shortest digits of a number, its exponent written out: `1e-7` is `0.0000001`. */
const printNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw new TypeError(`JSON has no number ${value}`)
  const text = String(value === 0 ? 0 : value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!match) return text
  const [, sign = '', first = '', rest = '', exponent = '0'] = match
  const digits = first + rest
  const point = Number(exponent) + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}`
}

/** Null is one line without blanks; a text is what ends each line. */
type Indent = string | null

const bracketed = (
  [open, close]: readonly [string, string],
  items: readonly string[],
  indent: Indent,
): string => {
  if (items.length === 0) return open + close
  if (indent === null) return open + items.join(',') + close
  return `${open}${indent}  ${items.join(`,${indent}  `)}${indent}${close}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const print = (value: Json, indent: Indent): string => {
  if (typeof value === 'number') return printNumber(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const inner = indent === null ? null : `${indent}  `
  if (isList(value)) {
    return bracketed(
      ['[', ']'],
      value.map((item) => print(item, inner)),
      indent,
    )
  }
  const colon = indent === null ? ':' : ': '
  const entries = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => JSON.stringify(key) + colon + print(item, inner))
  return bracketed(['{', '}'], entries, indent)
}

/** One line, without blanks: what digests are made of. */
export const canonicalJson = (value: Json): string => print(value, null)

/** The same for files: two blanks a level, ended by a newline. */
export const canonicalText = (value: Json): string => `${print(value, '\n')}\n`

/** sha256 of the canonical text, in hex. */
export const jsonDigest = (value: Json): string => {
  const digest = digester()
  digest.add(canonicalJson(value))
  return digest.hex()
}
