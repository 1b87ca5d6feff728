import { jobOf } from '#workload/job'
import { readConfiguration } from '#configuration/read'
import { resolve } from '#configuration/resolve'
import { skipped, type Chapter, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, vectorsOf } from './compare.ts'
import { record, type Json } from './json.ts'
import { pick, spellEnv, spellKeys } from './spelled.ts'

const configurationOf = (vector: Json) =>
  readConfiguration(
    JSON.stringify({ type: 'service', port: 8000, ...record(vector['configuration']) }),
    { file: 'vector.dstack.yml' },
  )

/** A limit of 0 is none to the machine that would keep it. */
const limit = (duration: unknown): unknown =>
  duration === 0 || duration === 'off' ? null : duration

const jobSpec = (configuration: ReturnType<typeof configurationOf>): Json => {
  if (configuration.type !== 'service') throw new Error('the configuration is no service')
  const { keys, requirements } = resolve({ configuration })
  const job = jobOf(configuration)
  const spelled = spellKeys(keys)
  return {
    image_name: job.image,
    commands: job.commandLine,
    working_dir: job.workingDir,
    env: spellEnv(configuration.env),
    max_duration: limit(spelled.max_duration),
    retry_policy: spelled.retry_policy,
    spot: requirements.spot,
    max_price: spelled.max_price,
  }
}

const run = (vector: Json): VectorResult => {
  const got = attempt(() => jobSpec(configurationOf(vector)))
  if ('value' in got && record(got.value)['commands'] === null)
    return skipped(idOf(vector), 'the command line is the image’s own: it needs a registry')
  const expected = { ...vector, max_duration: limit(vector['max_duration']) }
  return judge(
    idOf(vector),
    'value' in got ? { value: pick(expected, record(got.value)) } : { value: expected },
    got,
  )
}

/** Image, command line, working directory and limits out of a configuration. */
export const jobSpecs: Chapter = {
  file: 'job_spec.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) yield run(vector)
  },
}
