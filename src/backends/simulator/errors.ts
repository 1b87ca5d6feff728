/** What the simulated cloud answers when it refuses, and what that means. */
import type { CallContext } from '#backends/kit/provisioner'
import type { FailureClass, FailureScope, Verdict } from '#domain/launch'
import { NoAnswer } from '#platform/http-once'

/** It says itself what it means: there is nobody else's spelling to read. */
export class SimulatedRefusal extends Error {
  readonly class: FailureClass
  readonly scope: FailureScope
  constructor(failureClass: FailureClass, scope: FailureScope, message: string) {
    super(message)
    this.name = 'SimulatedRefusal'
    this.class = failureClass
    this.scope = scope
  }
}

const verdict = (given: Pick<Verdict, 'class' | 'scope' | 'message'>): Verdict => ({
  code: null,
  retryAfterMs: null,
  ...given,
})

const ofNoAnswer = ({ wasSent, message }: NoAnswer, { during }: CallContext): Verdict => {
  const isUnclear = wasSent && during === 'create'
  return verdict({ class: isUnclear ? 'ambiguous' : 'transient', scope: 'call', message })
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  if (error instanceof NoAnswer) return ofNoAnswer(error, context)
  if (error instanceof SimulatedRefusal) {
    const { class: failureClass, scope, message } = error
    return verdict({ class: failureClass, scope, message })
  }
  const message = error instanceof Error ? error.message : String(error)
  return verdict({ class: 'unknown', scope: 'attempt', message })
}
