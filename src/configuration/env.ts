import * as z from 'zod/mini'
import type { Variable } from '#domain/configuration'
import { ArgumentError } from '#domain/errors'
import { report, type Payload } from './fields.ts'
import { isMapping, refusal, show, textOf } from './scalar.ts'

const namePattern = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** `NAME=value`, or `NAME` for a value from outside. */
export const parseAssignment = (value: unknown): readonly [string, Variable] => {
  const text = textOf(value)
  if (text === null) throw refusal(`${show(value)} is no variable`, 'write NAME=value or NAME')
  const equals = text.indexOf('=')
  const name = equals === -1 ? text : text.slice(0, equals)
  if (!namePattern.test(name))
    throw refusal(
      `${show(name)} is no name of a variable`,
      'write NAME=value or NAME, without blanks',
    )
  if (text.includes('\n'))
    throw refusal(`variable ${show(name)} holds a line break`, 'use the mapping form of env')
  return [name, equals === -1 ? { required: true } : { value: text.slice(equals + 1) }]
}

/** The value of a mapping; `{key: NAME}` is how dstack prints a variable without a value. */
const parseEntry = (name: string, value: unknown): readonly [string, Variable] => {
  if (!namePattern.test(name)) throw refusal(`${show(name)} is no name of a variable`)
  if (isMapping(value) && Object.keys(value).length === 1 && value['key'] === name)
    return [name, { required: true }]
  if (typeof value === 'boolean') return [name, { value: value ? 'True' : 'False' }]
  const text = textOf(value)
  if (text !== null) return [name, { value: text }]
  throw refusal(`variable ${show(name)} has no value`, `for a value from outside, write [${name}]`)
}

type Item = readonly [key: string | number, read: () => readonly [string, Variable]]

const itemsOf = (value: unknown): readonly Item[] | null => {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => [index, () => parseAssignment(item)] as const)
  if (!isMapping(value)) return null
  return Object.entries(value).map(([name, item]) => [name, () => parseEntry(name, item)] as const)
}

const addItem = (variables: Map<string, Variable>, [key, read]: Item, payload: Payload): void => {
  try {
    const [name, variable] = read()
    if (variables.has(name)) throw refusal(`variable ${show(name)} is set twice`)
    variables.set(name, variable)
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    report(payload, error.message, { path: [key], hint: error.hint })
  }
}

/** `env`: a list of assignments, or a mapping. Every item that is wrong is reported. */
export const env = () =>
  z.pipe(
    z.unknown(),
    z.transform((value: unknown, payload): ReadonlyMap<string, Variable> => {
      const variables = new Map<string, Variable>()
      const items = itemsOf(value)
      if (items === null)
        report(payload, 'must be a list or a mapping', {
          hint: 'write [NAME=value]',
        })
      for (const item of items ?? []) addItem(variables, item, payload)
      return variables
    }),
  )
