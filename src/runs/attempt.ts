/**
 * One attempt to turn an offer into a machine. The row is on disk before the backend is asked, so
 * that whatever happens in between, what was asked for can be found again by its name and tag.
 */
import type { Created, LaunchPlan, LaunchRequest } from '#backends/kit/provisioner'
import { machineName, type OwnerTags, type Verdict } from '#domain/launch'
import type { Offer } from '#domain/offer'
import { printInstant } from '#platform/http-time'
import { adopt } from './adopt.ts'
import { failAttempt } from './fail-attempt.ts'
import type { BackendHands, Hands } from './hands.ts'
import { newId } from './ids.ts'
import { takeLease } from './lease.ts'
import { expiryMs, ownerOf } from './owner.ts'
import type { Attempt, Replica, Run } from './rows.ts'
import { isFinalRun } from './statuses.ts'

const callsOfOneAttempt = 3
const firstDelayMs = 2000

/** Who is told to wait for longer takes another offer. */
const longestWaitMs = 30_000

const refused = (
  scope: Verdict['scope'],
  verdictClass: Verdict['class'],
  message: string,
): Verdict => ({
  class: verdictClass,
  scope,
  code: null,
  message,
  retryAfterMs: null,
})

const begin = (hands: Hands, replica: Replica, offer: Offer): Attempt => {
  const { store, clock, random } = hands
  const nowMs = clock.nowMs()
  const attempt: Attempt = {
    id: newId(nowMs, random),
    runId: replica.runId,
    replica: replica.replica,
    submission: replica.submission,
    number: store.attemptsOf(replica).length + 1,
    backend: offer.backend,
    offer,
    state: 'intended',
    class: null,
    scope: null,
    code: null,
    message: null,
    startedMs: nowMs,
    sentMs: null,
    endedMs: null,
  }
  store.addAttempt(attempt)
  return attempt
}

const requestOf = (
  hands: Hands,
  { runtime }: BackendHands['provisioner']['traits'],
  run: Run,
  attempt: Attempt,
): LaunchRequest => {
  const tags: OwnerTags = {
    owner: ownerOf(hands),
    run: run.name,
    attempt: attempt.id,
    expiresAt: printInstant(hands.clock.nowMs() + expiryMs),
  }
  const name = machineName(tags)
  const isMachine = runtime === 'vm'
  return {
    tags,
    name,
    replica: attempt.replica,
    maxPriceNanoUsd: run.spec.maxPriceNanoUsd,
    diskMib: run.spec.diskMib,
    workload: isMachine ? null : hands.workload(run, attempt.replica),
    access: isMachine ? (hands.machines?.access(name) ?? null) : null,
  }
}

/** What is to be sent, or why nothing is. */
const planned = (
  hands: Hands,
  backend: BackendHands | null,
  run: Run,
  attempt: Attempt,
): { readonly plan: LaunchPlan } | { readonly refusal: Verdict } => {
  const { offer } = attempt
  if (backend === null) {
    const message = `${offer.backend} cannot be used here: its credentials are missing`
    return { refusal: refused('attempt', 'auth', message) }
  }
  const { provisioner } = backend
  const isMachine = provisioner.traits.runtime === 'vm'
  if (isMachine && hands.machines === null) {
    const message = `${offer.backend} rents machines, which nothing here can start a service on`
    return { refusal: refused('attempt', 'invalid', message) }
  }
  if (!isMachine && run.spec.workload === null) {
    const message = `what ${offer.backend} gives cannot be kept idle`
    return { refusal: refused('attempt', 'invalid', message) }
  }
  const answer = provisioner.plan(requestOf(hands, provisioner.traits, run, attempt), offer)
  if ('refusal' in answer) return answer
  const limit = run.spec.maxPriceNanoUsd
  const { highestNanoUsd } = answer.plan
  if (limit !== null && (highestNanoUsd === null || highestNanoUsd > limit)) {
    return { refusal: refused('offer', 'offer-gone', 'what it can cost is above max_price') }
  }
  return answer
}

/** Whether the very same call may be made again without the risk of a second machine. */
const mayRepeat = ({ class: failureClass }: Verdict, { provisioner }: BackendHands): boolean =>
  failureClass === 'rate-limited' ||
  (failureClass === 'transient' && provisioner.traits.idempotency !== 'none')

/** A machine may have been made: only the backend's own list tells. */
const isUnclear = ({ class: failureClass }: Verdict): boolean =>
  failureClass === 'ambiguous' || failureClass === 'transient' || failureClass === 'unknown'

/** Whether to call again, and when; null for no. */
const waitFor = (verdict: Verdict, calls: number, backend: BackendHands): number | null => {
  if (calls === callsOfOneAttempt || !mayRepeat(verdict, backend)) return null
  const waitMs = verdict.retryAfterMs ?? firstDelayMs * 2 ** (calls - 1)
  return waitMs > longestWaitMs ? null : waitMs
}

const isStopped = ({ store }: Hands, { runId }: Attempt): boolean => {
  const status = store.run(runId)?.status ?? 'terminated'
  return status === 'terminating' || isFinalRun(status)
}

type Outcome = { readonly created: Created } | { readonly verdict: Verdict }

const create = async (
  hands: Hands,
  backend: BackendHands,
  plan: LaunchPlan,
  attempt: Attempt,
): Promise<Outcome> => {
  const { store, clock, signal } = hands
  const { provisioner } = backend
  const io = backend.io(
    (object) => store.noteSideObject(attempt.backend, attempt.id, object),
    signal,
  )
  for (let calls = 1; ; calls++) {
    try {
      return { created: await provisioner.create(io, plan) }
    } catch (error) {
      const verdict = provisioner.classify(error, { during: 'create', spot: attempt.offer.spot })
      const waitMs = waitFor(verdict, calls, backend)
      if (waitMs === null || isStopped(hands, attempt)) return { verdict }
      await clock.sleep(waitMs, signal)
      takeLease(hands)
      if (isStopped(hands, attempt)) return { verdict }
    }
  }
}

/** Null where the run was stopped meanwhile. Throws RunsLockedError where another process acts. */
const markSent = (hands: Hands, attempt: Attempt): Attempt | null =>
  hands.store.atomically(() => {
    takeLease(hands)
    if (isStopped(hands, attempt)) return null
    return hands.store.changeAttempt(attempt, { state: 'sent', sentMs: hands.clock.nowMs() })
  })

const conclude = (hands: Hands, attempt: Attempt, outcome: Outcome): void => {
  if ('created' in outcome) {
    adopt(hands, attempt, outcome.created)
    return
  }
  const { class: failureClass, scope, code, message } = outcome.verdict
  hands.store.atomically(() => {
    // Where the call took longer than the lease, another process has settled it by now.
    if (hands.store.attempt(attempt.id)?.state !== 'sent') return
    if (isUnclear(outcome.verdict)) {
      const cause = { class: failureClass, scope, code, message }
      hands.store.changeAttempt(attempt, { ...cause, state: 'unclear' })
    } else failAttempt(hands, attempt, outcome.verdict)
  })
}

/** Ends with the attempt known, failed or unclear; throws nothing that a backend does. */
export const tryOffer = async (
  hands: Hands,
  run: Run,
  replica: Replica,
  offer: Offer,
): Promise<void> => {
  const backend = await hands.backend(offer.backend)
  const attempt = begin(hands, replica, offer)
  const answer = planned(hands, backend, run, attempt)
  if ('refusal' in answer) {
    failAttempt(hands, attempt, answer.refusal)
    return
  }
  const sent = backend === null ? null : markSent(hands, attempt)
  if (backend === null || sent === null) {
    failAttempt(hands, attempt, refused('attempt', 'transient', 'the run was stopped'))
    return
  }
  conclude(hands, sent, await create(hands, backend, answer.plan, sent))
}
