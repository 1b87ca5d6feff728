import { numberOf, refusal, show } from './scalar.ts'

const words: ReadonlyMap<string, boolean> = new Map([
  ...['1', 'on', 't', 'true', 'y', 'yes'].map((word) => [word, true] as const),
  ...['0', 'off', 'f', 'false', 'n', 'no'].map((word) => [word, false] as const),
])

/** A boolean, or a word for one in any case: YAML 1.2 reads an unquoted `yes` or `off` as a text. */
export const parseBoolean = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value : String(numberOf(value))
  const known = words.get(word.toLowerCase())
  if (known === undefined) throw refusal(`${show(value)} is neither true nor false`)
  return known
}
