import { parseIdleTime } from '#configuration/duration'
import { fillRunArguments } from '#configuration/interpolate'
import type { OverrideArguments } from '#configuration/override-arguments'
import { overrideGpu, readOverrides } from '#configuration/overrides'
import { readConfiguration } from '#configuration/read'
import { mergeKeys } from '#configuration/resolve'
import { resolveVariables } from '#configuration/variables'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { skipped, type Chapter } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { list, record, type Json } from './json.ts'
import { normalisedKeys, pick, spellDisk, spellGpu, spellKeys } from './spelled.ts'

/** The environment the vectors were made in. */
const environment = { SET_IN_PROCESS: 'yes' }

const text = { type: 'string' } as const
const texts = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

const options = {
  gpu: text,
  disk: text,
  backend: { ...texts, short: 'b' },
  region: { ...texts, short: 'r' },
  'instance-type': texts,
  'max-price': text,
  'max-duration': text,
  spot: flag,
  'on-demand': flag,
  'spot-auto': flag,
  'spot-policy': text,
  retry: flag,
  'no-retry': flag,
  'retry-duration': text,
  pool: text,
  instance: text,
  reuse: flag,
  'dont-destroy': flag,
  'idle-duration': text,
  env: { ...texts, short: 'e' },
} as const satisfies NonNullable<ParseArgsConfig['options']>

const plural: Readonly<Record<string, string>> = {
  backend: 'backends',
  region: 'regions',
  instanceType: 'instanceTypes',
}

/** Flags under the names of our arguments: `--instance-type` is `instanceTypes`. */
const argumentsOf = (values: object): OverrideArguments =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const camel = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
      return [plural[camel] ?? camel, value]
    }),
  )

const run = (vector: Json): Json => {
  const args = list(vector['args']).map(String)
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const overrides = readOverrides(argumentsOf(values))
  const source = {
    type: 'service',
    commands: ['x'],
    port: 8000,
    ...record(vector['configuration']),
  }
  const configuration = fillRunArguments(
    readConfiguration(JSON.stringify(source), { file: 'vector.dstack.yml' }),
    positionals,
  )
  const variables = resolveVariables(configuration.env, overrides.env, environment)
  if (variables.unset.length > 0) throw new Error(`unset: ${variables.unset.join(', ')}`)
  return {
    ...spellKeys(mergeKeys(overrides.keys, configuration)),
    env: Object.fromEntries(variables.values),
    commands: 'commands' in configuration ? configuration.commands : [],
    gpu: spellGpu(overrideGpu(configuration.resources.gpu, overrides.gpu)),
    disk: spellDisk(overrides.diskMib ?? configuration.resources.diskMib),
  }
}

/** dstack keeps this one as it was written. */
const expectedOf = (result: Json): Json => {
  const idle = result['termination_idle_time']
  const seconds = idle === undefined ? {} : { termination_idle_time: parseIdleTime(idle) }
  return normalisedKeys({ ...result, ...seconds })
}

/** Arguments of `dstack run` over a configuration. */
export const cliOverrides: Chapter = {
  file: 'cli_overrides.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) {
      const reason = tierSkip(vector)
      if (reason !== null) {
        yield skipped(idOf(vector), reason)
        continue
      }
      const expected = vector['ok'] === true ? expectedOf(record(vector['result'])) : null
      yield judge(
        idOf(vector),
        expected && { value: expected },
        attempt(() => (expected ? pick(run(vector), expected) : run(vector))),
      )
    }
  },
}
