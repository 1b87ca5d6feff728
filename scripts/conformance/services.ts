import { readConfiguration } from '#configuration/read'
import { isDeepStrictEqual } from 'node:util'
import { skipped, type Chapter, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { record, type Json } from './json.ts'
import { normalisedKeys, pick, spellConfiguration } from './spelled.ts'

/**
 * What a reader of YAML 1.2 makes of the text, where it differs. Where both readings hold the same
 * data, the difference is the spelling of a number (8.0), which our reader keeps: dstack's counts.
 */
const otherReading = (vector: Json): Json | null => {
  if (vector['yaml12'] === undefined) return null
  const reading = record(vector['yaml12'])
  return isDeepStrictEqual(reading['data'], vector['data']) ? null : reading
}

const run = (vector: Json): VectorResult => {
  const other = otherReading(vector)
  const ok = (other ?? vector)['ok'] === true
  if (ok && other?.['parsed_differs'] === true)
    return skipped(idOf(vector), 'what YAML 1.2 makes of it is not given')
  const expected = ok ? normalisedKeys(record(vector['parsed'])) : null
  return judge(
    idOf(vector),
    expected && { value: expected },
    attempt(() => {
      const text = String(vector['yaml'])
      const got = spellConfiguration(readConfiguration(text, { file: 'vector.dstack.yml' }))
      return expected ? pick(got, expected) : got
    }),
  )
}

/** YAML text of a whole configuration in, the normalised configuration out. */
export const services: Chapter = {
  file: 'services.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) {
      const reason = tierSkip(vector)
      yield reason === null ? run(vector) : skipped(idOf(vector), reason)
    }
  },
}
