import type * as z from 'zod/mini'
import type { CommonConfiguration, Variable } from '#domain/configuration'
import { defaultResources } from '#domain/resources'
import { env } from './env.ts'
import { leaf, listOf, mapping, orElse, orNull, report, rule, text } from './fields.ts'
import { profileShape, toProfileKeys } from './profile-schema.ts'
import { parsePython } from './python-version.ts'
import { resources } from './resources-schema.ts'
import { refusal, show, textOf } from './scalar.ts'

const homeDir = () =>
  leaf((value) => {
    const path = textOf(value)
    if (path?.startsWith('/')) return path
    throw refusal(`home_dir ${show(value)} is no absolute path`)
  })

const noVariables: ReadonlyMap<string, Variable> = new Map()

/** The keys of every type of configuration. */
export const commonShape = () => ({
  image: orNull(text),
  entrypoint: orNull(text),
  home_dir: orElse(homeDir, '/root'),
  registry_auth: orNull(() => mapping({ username: text(), password: text() })),
  python: orNull(() => leaf(parsePython)),
  env: orElse(env, noVariables),
  setup: orElse(() => listOf(text()), []),
  resources: orElse(resources, defaultResources),
  ...profileShape(),
})

type Shape = ReturnType<typeof commonShape>
export type SaidOf<Shape> = { [Key in keyof Shape]: z.output<Shape[Key]> }

export const toCommon = (said: SaidOf<Shape>): CommonConfiguration => ({
  ...toProfileKeys(said),
  image: said.image,
  entrypoint: said.entrypoint,
  homeDir: said.home_dir,
  registryAuth: said.registry_auth,
  python: said.python,
  env: said.env,
  setup: said.setup,
  resources: said.resources,
})

/** `python` chooses among the default images, so it goes with no other. */
export const imageOrPython = rule<{ image: string | null; python: string | null }>(
  ['image', 'python'],
  ({ image, python }, payload) => {
    if (image && python !== null)
      report(payload, 'image and python exclude each other', {
        path: ['python'],
        hint: 'remove one of the two',
      })
  },
)

/** There must be something to run. */
export const commandsOrImage = rule<{ image: string | null; commands: readonly string[] }>(
  ['image', 'commands'],
  ({ image, commands }, payload) => {
    if (!image && commands.length === 0)
      report(payload, 'either commands or image must be set', { fault: 'missing-key' })
  },
)
