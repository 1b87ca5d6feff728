import { parseResources } from '#configuration/shorthand'
import { readYaml } from '#platform/yaml'
import { valueOf } from '#platform/yaml-tree'
import { needed, skipped, type Chapter } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import type { Json } from './json.ts'
import { spellResources } from './spelled.ts'

/** The inputs by id, with their numbers as written: JSON.parse makes an 8 of 8.0. */
const writtenInputs = (text: string): ReadonlyMap<string, unknown> => {
  const { root } = readYaml(text)
  if (!root) throw new Error('resources.json does not read as YAML')
  return new Map(vectorsOf(valueOf(root)).map((vector) => [idOf(vector), vector['input']]))
}

const run = (vector: Json, input: unknown) =>
  judge(
    idOf(vector),
    vector['ok'] === true ? { value: vector['parsed'] } : null,
    attempt(() => spellResources(parseResources(input))),
  )

/** `resources:` mapping in, normalised resources out. */
export const resources: Chapter = {
  file: 'resources.json',
  needs: ['resources.json'],
  *run(file, needs) {
    const inputs = writtenInputs(needed(needs, 'resources.json'))
    for (const vector of vectorsOf(file)) {
      const reason = tierSkip(vector)
      if (reason !== null) yield skipped(idOf(vector), reason)
      else yield run(vector, inputs.get(idOf(vector)))
    }
  },
}
