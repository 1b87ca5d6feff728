import type { EffectiveKeys } from '#api/configuration'
import type { Configuration } from '#domain/configuration'
import type { Requirements } from '#domain/requirements'
import type { Subject } from './answer.ts'
import type { RequestFlags } from './flags.ts'
import { toOverrideArguments } from './override-arguments.ts'
import { visible } from './text-width.ts'
import type { World } from './world.ts'

export interface RequestWords {
  /** Undefined for a search from flags alone. */
  readonly file: string | undefined
  readonly flags: RequestFlags
  /** What stands after `--`. */
  readonly runArguments: readonly string[]
}

export interface Request {
  readonly subject: Subject | null
  readonly profileName: string | null
  readonly requirements: Requirements
}

/** Flags alone start open, so only a profile that is named counts then, not a default one. */
const profileFor = async ({ file, flags }: RequestWords, world: World) => {
  const { loadProfile } = await import('#api/configuration')
  const named = flags.profile ?? world.environment['DSTACK_PROFILE'] ?? ''
  if (file === undefined && named === '') return null
  const places = { ...world, directory: '.' }
  return loadProfile(flags.profile ?? null, places)
}

type Variables = Configuration['env']

const readSubject = async (
  argument: string,
  words: RequestWords,
  given: { readonly variables: Variables; readonly world: World },
): Promise<Subject> => {
  const room = await import('#api/configuration')
  const { files, environment } = given.world
  const { file, text } = room.findConfiguration(argument, files)
  const written = room.readConfiguration(text, { file })
  const configuration = room.fillRunArguments(written, words.runArguments)
  const { unset } = room.resolveVariables(configuration.env, given.variables, environment)
  return { file, text, configuration, unsetVariables: unset }
}

/** A request, and what only a run of it needs. */
export interface RequestToRun {
  readonly request: Request
  readonly keys: EffectiveKeys
  readonly variables: ReadonlyMap<string, string>
}

/** What is asked: the file, the profile and the flags, read, checked and joined. */
export const readRequestToRun = async (
  words: RequestWords,
  world: World,
): Promise<RequestToRun> => {
  const room = await import('#api/configuration')
  const overrides = room.readOverrides(toOverrideArguments(words.flags))
  const subject =
    words.file === undefined
      ? null
      : await readSubject(words.file, words, { variables: overrides.env, world })
  const profile = await profileFor(words, world)
  const configuration = subject?.configuration ?? null
  const { requirements, keys } = room.resolve({ configuration, profile, overrides })
  const written: Variables = configuration?.env ?? new Map()
  const { values } = room.resolveVariables(written, overrides.env, world.environment)
  const request = { subject, profileName: profile?.name ?? null, requirements }
  return { request, keys, variables: values }
}

export const readRequest = async (words: RequestWords, world: World): Promise<Request> =>
  (await readRequestToRun(words, world)).request

export const noteUnset = ({ subject }: Pick<Request, 'subject'>): readonly string[] =>
  (subject?.unsetVariables ?? []).map(
    (name) => `${visible(name)} is not set; a run needs it (-e ${visible(name)}=VALUE)`,
  )
