/** Pieces of JSON Schema 2020-12. Every object is closed; every key is required but for few. */
import type { Json } from '#domain/json'

export type Schema = { readonly [key: string]: Json }

const dialect = 'https://json-schema.org/draft/2020-12/schema'

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

/** Closed too; the keys of `optional` may be absent. */
export const closedWith = (
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>>,
): Schema => ({
  type: 'object',
  properties: { ...properties, ...optional },
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

export const decimal: Schema = { type: 'string', pattern: '^\\d+(\\.\\d+)?$' }

const money = (per: string, description: string): Schema =>
  closed(
    {
      amount: {
        type: ['string', 'null'],
        pattern: '^\\d+(\\.\\d+)?$',
        description: 'An exact decimal; null for an unknown price.',
      },
      currency: { const: 'USD' },
      per: { const: per },
    },
    description,
  )

export const price: Schema = money('instance_hour', 'What the whole instance costs.')

/** A price of machines with accelerators is per accelerator, of others per machine. */
export const pricePer = (...per: readonly string[]): Schema => ({
  anyOf: per.map((one) => money(one, `USD per ${one}.`)),
})

/** From the least to the greatest; null where no price is known. */
export const priceRange = (per: string): Schema =>
  orNull(closed({ min: decimal, max: decimal, currency: { const: 'USD' }, per: { const: per } }))

/** The keys that every document starts with; those of `optional` may be absent. */
export const documentOf = (
  kind: string,
  title: string,
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema => ({
  $schema: dialect,
  $id: `urn:dstack-offers:schema:${kind}:1.0`,
  title,
  ...closedWith(
    {
      format_version: { type: 'string', pattern: '^1\\.\\d+$' },
      kind: { const: kind },
      ...properties,
    },
    optional,
  ),
})
