import * as z from 'zod/mini'
import type { Json } from '#domain/json'
import { planSchema } from './plan-schema.ts'

/** The JSON Schema (2020-12) of a plan. */
export const planJsonSchema = (): Json => {
  const schema = z.toJSONSchema(planSchema, {
    // The one custom check says by itself what it is in JSON Schema.
    unrepresentable: 'any',
    // That integers are safe ones is a matter of this program, not of the format.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  const { $schema, ...rest } = schema
  const titled = { $schema, $id: 'urn:dstack-offers:schema:plan:1.0', title: 'Plan', ...rest }
  return z.json().parse(JSON.parse(JSON.stringify(titled)))
}
