import { chooseProfile, readProfiles } from '#configuration/profiles'
import { readConfiguration } from '#configuration/read'
import { mergeKeys, resolve } from '#configuration/resolve'
import type { Profile } from '#domain/profile'
import type { Chapter } from './chapter.ts'
import { attempt, idOf, judge, vectorsOf } from './compare.ts'
import { record, type Json } from './json.ts'
import { normalisedKeys, pick, spellKeys } from './spelled.ts'

const profileOf = (keys: Json): Profile | undefined =>
  readProfiles(JSON.stringify({ profiles: [{ name: 'p', ...keys }] }), { file: 'profiles.yml' })[0]

const configurationOf = (keys: Json) =>
  readConfiguration(JSON.stringify({ type: 'service', commands: ['x'], port: 8000, ...keys }), {
    file: 'vector.dstack.yml',
  })

/** What dstack fills in at the merge; the other defaults it leaves for later, as null. */
const filledIn = new Set(['creation_policy', 'termination_policy', 'termination_idle_time'])

const merge = (vector: Json): Json => {
  const configuration = configurationOf(record(vector['configuration']))
  const profile = profileOf(record(vector['profile'])) ?? null
  const { keys, requirements } = resolve({ configuration, profile })
  const merged = spellKeys(profile ? mergeKeys(configuration, profile) : configuration)
  const effective: Json = spellKeys(keys)
  return {
    merged: Object.fromEntries(
      Object.entries(merged).map(([key, value]) => [
        key,
        filledIn.has(key) ? effective[key] : value,
      ]),
    ),
    requirement_spot: requirements.spot,
  }
}

/** A configuration over a profile, key by key. */
export const profileMerge: Chapter = {
  file: 'profile_merge.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) {
      const expected = {
        merged: normalisedKeys(record(vector['merged'])),
        requirement_spot: vector['requirement_spot'],
      }
      yield judge(
        idOf(vector),
        { value: expected },
        attempt(() => merge(vector)),
      )
    }
  },
}

const readFile = (vector: Json): Json => {
  const profiles = readProfiles(String(vector['yaml']), { file: 'profiles.yml' })
  const a = profiles.find((profile) => profile.name === 'a')
  return {
    names: profiles.map((profile) => profile.name),
    default: chooseProfile([profiles], null)?.name ?? null,
    get_a: a ? spellKeys(a) : null,
  }
}

const expectedFile = (vector: Json): Json => ({
  names: vector['names'],
  default: vector['default'],
  get_a: vector['get_a'] === null ? null : normalisedKeys(record(vector['get_a'])),
})

/** Files of profiles: what is read, which is the default, what a name finds. */
export const profilesFile: Chapter = {
  file: 'profiles_file.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) {
      const expected = vector['ok'] === true ? expectedFile(vector) : null
      yield judge(
        idOf(vector),
        expected && { value: expected },
        attempt(() => (expected ? pick(readFile(vector), expected) : readFile(vector))),
      )
    }
  },
}
