/** Reading vectors and comparing values, for the chapters about configurations. */
import { isDeepStrictEqual } from 'node:util'
import { failed, passed, type VectorResult } from './chapter.ts'
import { record, records, type Json } from './json.ts'

/** The vectors of a file: `{vectors: [{id, …}]}`. */
export const vectorsOf = (file: unknown): readonly Json[] => records(record(file)['vectors'])

export const idOf = (vector: Json): string => String(vector['id'])

/** Why a vector of this tier is not run, or null. */
export const tierSkip = ({ tier }: Json): string | null =>
  tier === 'quirk' || tier === 'decided' ? `tier ${tier}` : null

/** What a piece of our code does: gives a value, or refuses. */
export type Attempt = { readonly value: unknown } | { readonly error: string }

export const attempt = (run: () => unknown): Attempt => {
  try {
    return { value: run() }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** `expected` of null: the value must be refused. */
export const judge = (
  id: string,
  expected: { readonly value: unknown } | null,
  got: Attempt,
): VectorResult => {
  if ('error' in got)
    return expected === null ? passed(id) : failed(id, expected.value, `error: ${got.error}`)
  if (expected === null) return failed(id, 'an error', got.value)
  return isDeepStrictEqual(plain(got.value), plain(expected.value))
    ? passed(id)
    : failed(id, expected.value, got.value)
}

/** The value as JSON has it: no prototypes, no readonly tuples. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')
