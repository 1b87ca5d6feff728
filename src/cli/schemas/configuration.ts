import { closed, dialect, type Schema } from './building-blocks.ts'
import { subject } from './subject.ts'

/** What `dstack-offers check -o json` prints. */
export const configurationSchema: Schema = {
  $schema: dialect,
  $id: 'urn:dstack-offers:schema:configuration:1.0',
  title: 'Configuration',
  ...closed({
    format_version: { type: 'string', pattern: '^1\\.\\d+$' },
    kind: { const: 'configuration' },
    ...subject,
  }),
}
