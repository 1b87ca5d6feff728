import type { Configuration, ConfigurationType } from '#domain/configuration'
import type { ZodMiniType } from 'zod/mini'
import { check, type Checked } from './check.ts'
import { devEnvironment } from './dev-environment-schema.ts'
import type { Issue } from './explain.ts'
import { readText } from './read-text.ts'
import { didYouMean, isMapping, show, textOf } from './scalar.ts'
import { service } from './service-schema.ts'
import { task } from './task-schema.ts'

const schemas: { readonly [Type in ConfigurationType]: () => ZodMiniType<Configuration> } = {
  'dev-environment': devEnvironment,
  task,
  service,
}

const types = Object.keys(schemas)
const laterTypes = new Set(['fleet', 'gateway', 'volume', 'pool'])

const isType = (value: unknown): value is ConfigurationType =>
  typeof value === 'string' && Object.hasOwn(schemas, value)

const typeIssue = (type: unknown): Issue => {
  if (type === undefined)
    return {
      path: ['type'],
      message: 'is required',
      params: { fault: 'missing-key', hint: `one of ${types.join(', ')}` },
    }
  const later = typeof type === 'string' && laterTypes.has(type)
  return {
    path: ['type'],
    message: later
      ? `type ${show(type)} belongs to a later dstack`
      : `${show(type)} is none of ${types.join(', ')}`,
    params: {
      hint: later ? `0.18 has ${types.join(', ')}` : didYouMean(textOf(type) ?? '', types),
    },
  }
}

const checkRoot = (value: unknown): Checked<Configuration> => {
  if (!isMapping(value)) {
    const message = value === null ? 'the file is empty' : `${show(value)} is no configuration`
    return { issues: [{ path: [], message, params: { hint: 'start with "type: service"' } }] }
  }
  const type = value['type']
  return isType(type) ? check(schemas[type](), value) : { issues: [typeIssue(type)] }
}

/**
 * Reads a configuration of any type from its YAML text. `file` is the name that messages show.
 * Throws ConfigurationError with everything that is wrong, each with its place.
 */
export const readConfiguration = (
  text: string,
  { file }: { readonly file: string },
): Configuration => readText(text, file, checkRoot)
