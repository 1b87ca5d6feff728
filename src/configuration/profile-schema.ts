import * as z from 'zod/mini'
import { backendAliases, backendNames, canonicalBackend } from '#domain/backend'
import type { ProfileKeys } from '#domain/profile'
import { parseBoolean } from './boolean.ts'
import { parseDuration, parseIdleTime, parseMaxDuration } from './duration.ts'
import { leaf, listOf, mapping, orElse, orNull, text, wordOf } from './fields.ts'
import { parsePrice } from './price.ts'
import { didYouMean, refusal, show, textOf } from './scalar.ts'

/** A backend as the user spells it. */
export const parseBackend = (value: unknown): string => {
  if (typeof value === 'string' && canonicalBackend(value) !== null) return value
  const known = [...backendNames, ...backendAliases.keys()]
  throw refusal(`${show(value)} is no backend`, didYouMean(textOf(value) ?? '', known))
}

export const parseSpotPolicy = wordOf(['spot', 'on-demand', 'auto'])

const retryPolicy = () =>
  z.pipe(
    mapping({
      retry: orElse(() => leaf(parseBoolean), false),
      duration: orNull(() => leaf(parseDuration)),
    }),
    z.transform(({ retry, duration }) => ({
      retry: retry || duration !== null,
      durationSeconds: duration,
    })),
  )

/** The keys a configuration shares with a profile. */
export const profileShape = () => ({
  backends: orNull(() => listOf(leaf(parseBackend))),
  regions: orNull(() => listOf(text())),
  instance_types: orNull(() => listOf(text())),
  spot_policy: orNull(() => leaf(parseSpotPolicy)),
  retry_policy: orNull(retryPolicy),
  max_duration: orNull(() => leaf(parseMaxDuration)),
  max_price: orNull(() => leaf(parsePrice)),
  pool_name: orNull(text),
  instance_name: orNull(text),
  creation_policy: orNull(() => leaf(wordOf(['reuse', 'reuse-or-create']))),
  termination_policy: orNull(() => leaf(wordOf(['dont-destroy', 'destroy-after-idle']))),
  termination_idle_time: orNull(() => leaf(parseIdleTime)),
})

type Said = {
  [Key in keyof ReturnType<typeof profileShape>]: z.output<ReturnType<typeof profileShape>[Key]>
}

export const toProfileKeys = (said: Said): ProfileKeys => ({
  backends: said.backends,
  regions: said.regions,
  instanceTypes: said.instance_types,
  spotPolicy: said.spot_policy,
  retryPolicy: said.retry_policy,
  maxDuration: said.max_duration,
  maxPriceNanoUsd: said.max_price,
  poolName: said.pool_name,
  instanceName: said.instance_name,
  creationPolicy: said.creation_policy,
  terminationPolicy: said.termination_policy,
  terminationIdleTimeSeconds: said.termination_idle_time,
})
