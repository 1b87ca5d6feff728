import { documentOf, type Schema } from './building-blocks.ts'
import { findings } from './overlay.ts'
import { subject } from './subject.ts'

/** What `dstack-offers check -o json` prints. */
export const configurationSchema: Schema = documentOf('configuration', 'Configuration', {
  ...subject,
  overlay: findings,
})
