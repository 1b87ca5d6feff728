import { listOf, oneOf, orNull, text, type Schema } from './building-blocks.ts'

/** The keys that say which file asked and how it was understood. */
export const subject: Readonly<Record<string, Schema>> = {
  file: text(),
  profile: orNull(text()),
  unset_variables: listOf(text('A required variable that is set nowhere.')),
  normalized: {
    type: 'object',
    description: 'The file without shorthands, secrets masked.',
    properties: { type: oneOf('service', 'task', 'dev-environment') },
    required: ['type'],
  },
}
