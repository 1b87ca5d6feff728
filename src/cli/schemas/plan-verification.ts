import {
  boolean,
  closed,
  documentOf,
  listOf,
  oneOf,
  sha256,
  text,
  type Schema,
} from './building-blocks.ts'

/** What `dstack-offers plan verify -o json` prints. */
export const planVerificationSchema: Schema = documentOf('plan-verification', 'Plan verification', {
  plan_digest: sha256,
  holds: boolean,
  intact: { ...boolean, description: 'The plan has the digest that it states.' },
  canonical: { ...boolean, description: 'The text is in canonical form.' },
  differences: listOf(
    closed({
      path: text(),
      change: oneOf('added', 'removed', 'changed'),
      planned: { description: 'Any value.' },
      derived: { description: 'Any value.' },
    }),
  ),
})
