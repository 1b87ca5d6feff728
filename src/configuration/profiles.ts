import { join } from 'node:path'
import * as z from 'zod/mini'
import { ProfileError } from '#domain/errors'
import type { Profile } from '#domain/profile'
import type { Environment } from '#platform/environment'
import type { Files } from '#platform/files'
import { parseBoolean } from './boolean.ts'
import { check } from './check.ts'
import { leaf, listOf, mapping, orElse, text } from './fields.ts'
import { mostBytes } from './find.ts'
import { profileShape, toProfileKeys } from './profile-schema.ts'
import { readText } from './read-text.ts'
import { didYouMean } from './scalar.ts'

const profile = (): z.ZodMiniType<Profile> =>
  z.pipe(
    mapping({ name: text(), default: orElse(() => leaf(parseBoolean), false), ...profileShape() }),
    z.transform((said): Profile => ({
      ...toProfileKeys(said),
      name: said.name,
      default: said.default,
    })),
  )

const profiles = (): z.ZodMiniType<readonly Profile[]> =>
  z.pipe(
    mapping({ profiles: listOf(profile()) }),
    z.transform((said) => said.profiles),
  )

/** The profiles of a `profiles.yml`, in its order. Throws ConfigurationError. */
export const readProfiles = (
  source: string,
  { file }: { readonly file: string },
): readonly Profile[] => readText(source, file, (value) => check(profiles(), value))

/**
 * The profile of that name of the first file that has one; without a name the first default of the
 * first file that has one, or null. `sources` are the profiles of each file.
 */
export const chooseProfile = (
  sources: Iterable<readonly Profile[]>,
  name: string | null,
): Profile | null => {
  const names: string[] = []
  for (const source of sources) {
    const chosen = source.find((one) => (name === null ? one.default : one.name === name))
    if (chosen) return chosen
    names.push(...source.map((one) => one.name))
  }
  if (name === null) return null
  const known = names.length === 0 ? 'no profiles were found' : `there are ${names.join(', ')}`
  throw new ProfileError(`there is no profile "${name}"`, {
    hint: didYouMean(name, names) ?? known,
  })
}

export interface ProfilePlaces {
  readonly files: Files
  readonly environment: Environment
  /** The working directory, whose profiles come before those of the home directory. */
  readonly directory: string
  readonly home: string | null
}

function* profileFiles({ files, directory, home }: ProfilePlaces) {
  for (const place of new Set([directory, ...(home === null ? [] : [home])])) {
    const file = ['profiles.yml', 'profiles.yaml']
      .map((one) => join(place, '.dstack', one))
      .find((path) => files.exists(path))
    if (file !== undefined) yield readProfiles(files.readText(file, mostBytes), { file })
  }
}

/** The profile that `--profile`, else DSTACK_PROFILE, else the default asks for. Reads no more files than it must. */
export const loadProfile = (name: string | null, places: ProfilePlaces): Profile | null =>
  chooseProfile(profileFiles(places), name ?? (places.environment['DSTACK_PROFILE'] || null))
