/** The end of an attempt that gave no machine, and what is left alone because of it. */
import type { Verdict } from '#domain/launch'
import { coolDownOf } from './cool-downs.ts'
import type { Hands } from './hands.ts'
import type { Attempt } from './rows.ts'

/** That no machine is left of it is certain, or its machine is on the way out. */
export const failAttempt = ({ store, clock }: Hands, attempt: Attempt, verdict: Verdict): void => {
  const nowMs = clock.nowMs()
  const { class: failureClass, scope, code, message } = verdict
  const cause = { class: failureClass, scope, code, message }
  store.atomically(() => {
    store.changeAttempt(attempt, { ...cause, state: 'failed', endedMs: nowMs })
    const coolDown = coolDownOf(verdict, attempt.offer, nowMs)
    if (coolDown) store.coolDown(coolDown)
  })
}
