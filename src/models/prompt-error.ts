import { KnownError } from '#domain/errors'

/** No prompt can be made for a model: its template or end token is not to be had, or is no good. */
export class PromptError extends KnownError {
  readonly code = 'model-prompt'
  readonly recovery = 'fix-input'
}
