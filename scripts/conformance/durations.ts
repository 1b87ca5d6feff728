import { parseDuration } from '#configuration/duration'
import { readConfiguration } from '#configuration/read'
import type { Configuration } from '#domain/configuration'
import { skipped, type Chapter } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { record, type Json } from './json.ts'

/** The configuration around an input, and where its value is found again. */
interface Place {
  readonly around: (input: unknown) => Json
  readonly read: (configuration: Configuration) => unknown
}

const scaled = (configuration: Configuration) =>
  configuration.type === 'service' ? configuration.scaling?.scaleUpDelaySeconds : undefined

const places: Readonly<Record<string, Place>> = {
  max_duration: {
    around: (input) => ({ max_duration: input }),
    read: (configuration) => configuration.maxDuration,
  },
  termination_idle_time: {
    around: (input) => ({ termination_idle_time: input }),
    read: (configuration) => configuration.terminationIdleTimeSeconds,
  },
  'retry_policy.duration': {
    around: (input) => ({ retry_policy: { duration: input } }),
    read: (configuration) => configuration.retryPolicy?.durationSeconds,
  },
  'scaling.scale_up_delay': {
    around: (input) => ({
      replicas: '1..2',
      scaling: { metric: 'rps', target: 1, scale_up_delay: input },
    }),
    read: scaled,
  },
}

const configurationWith = (keys: Json): Configuration =>
  readConfiguration(JSON.stringify({ type: 'service', commands: ['x'], port: 8000, ...keys }), {
    file: 'vector.dstack.yml',
  })

const readAt = (place: string, input: unknown): unknown => {
  if (place === 'duration') return parseDuration(input)
  const known = places[place]
  if (!known) throw new Error(`no place "${place}" takes a duration`)
  return known.read(configurationWith(known.around(input)))
}

const notPlaces = new Set(['id', 'input', 'tier', 'decided'])

/** Each input by itself and at every key that takes a duration. */
export const durations: Chapter = {
  file: 'durations.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) {
      const reason = tierSkip(vector)
      for (const place of Object.keys(vector).filter((key) => !notPlaces.has(key))) {
        const id = `${idOf(vector)} ${place}`
        const { ok, value } = record(vector[place])
        if (reason !== null) yield skipped(id, reason)
        else
          yield judge(
            id,
            ok === true ? { value } : null,
            attempt(() => readAt(place, vector['input'])),
          )
      }
    }
  },
}
