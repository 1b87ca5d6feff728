import type { Verdict } from '#domain/launch'

/** What is in no table: never taken for a lack of capacity. */
export const unknownFailure = (error: unknown): Verdict => ({
  class: 'unknown',
  scope: 'attempt',
  code: null,
  message: error instanceof Error ? error.message : 'something else was thrown',
  retryAfterMs: null,
})
