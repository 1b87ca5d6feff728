import * as z from 'zod/mini'
import { canonicalBackend } from '#domain/backend'
import { gpusNamed } from '#domain/gpu-models'
import { parseBoolean } from '#configuration/boolean'
import { leaf, listOf, mapping, orNull } from '#configuration/fields'
import { parseBackend } from '#configuration/profile-schema'
import { refusal, show } from '#configuration/scalar'
import { parseName } from './action-fields.ts'
import type { Selector } from './overlay.ts'

export const anyOffer: Selector = {
  backends: null,
  regions: null,
  instanceTypes: null,
  gpus: null,
  spot: null,
}

const parseBackendOfAnyCase = (value: unknown): string => {
  const written = parseBackend(typeof value === 'string' ? value.toLowerCase() : value)
  return canonicalBackend(written) ?? written
}

export const backendName = () => leaf(parseBackendOfAnyCase)

const parsePattern = (value: unknown): string => {
  const pattern = parseName(value)
  if (!pattern.slice(0, -1).includes('*')) return pattern
  throw refusal(`${show(value)} has a "*" before its end`, 'a "*" stands for any ending')
}

/** Aliases are understood; what is no known model stays as written. */
const parseGpuNames = (value: unknown): readonly string[] => {
  const name = parseName(value)
  const models = new Set(gpusNamed(name).map((model) => model.name))
  return models.size === 0 ? [name] : [...models]
}

const someOf = <T>(schema: z.ZodMiniType<T>): z.ZodMiniType<readonly T[]> =>
  z.pipe(
    leaf((value) => {
      if (Array.isArray(value) && value.length === 0)
        throw refusal('the list is empty', 'name what is meant, or remove the key')
      return value
    }),
    listOf(schema),
  )

export const selector = (): z.ZodMiniType<Selector> =>
  z.pipe(
    mapping({
      backends: orNull(() => someOf(backendName())),
      regions: orNull(() => someOf(leaf(parseName))),
      instance_types: orNull(() => someOf(leaf(parsePattern))),
      gpus: orNull(() => someOf(leaf(parseGpuNames))),
      spot: orNull(() => leaf(parseBoolean)),
    }),
    z.transform((said): Selector => ({
      backends: said.backends,
      regions: said.regions,
      instanceTypes: said.instance_types,
      gpus: said.gpus && said.gpus.flat(),
      spot: said.spot,
    })),
  )
