/** Pieces of JSON Schema 2020-12. Every object is closed and every key required. */
import type { Json } from '#cli/output/document'

export type Schema = { readonly [key: string]: Json }

export const dialect = 'https://json-schema.org/draft/2020-12/schema'

export const closed = (
  properties: Readonly<Record<string, Schema>>,
  description?: string,
): Schema => ({
  type: 'object',
  ...(description === undefined ? {} : { description }),
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

export const text = (description?: string): Schema => ({
  type: 'string',
  ...(description === undefined ? {} : { description }),
})

export const count = (minimum = 0, description?: string): Schema => ({
  type: 'integer',
  minimum,
  ...(description === undefined ? {} : { description }),
})

export const listOf = (items: Schema): Schema => ({ type: 'array', items })

export const oneOf = (...values: readonly Json[]): Schema => ({ enum: values })

export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

export const boolean: Schema = { type: 'boolean' }

export const time: Schema = {
  type: 'string',
  format: 'date-time',
  description: 'RFC 3339, UTC.',
}

export const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' }

export const range = (description?: string): Schema =>
  closed(
    { min: { type: ['number', 'null'] }, max: { type: ['number', 'null'] } },
    description ?? 'Both ends inclusive; null leaves an end open.',
  )

export const price: Schema = closed(
  {
    amount: {
      type: ['string', 'null'],
      pattern: '^\\d+(\\.\\d+)?$',
      description: 'An exact decimal; null for an unknown price.',
    },
    currency: { const: 'USD' },
    per: { const: 'instance_hour' },
  },
  'What the whole instance costs.',
)
