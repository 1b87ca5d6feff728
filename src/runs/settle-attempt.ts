/** Finds out what became of attempts whose outcome nobody knows: after a crash, or a lost answer. */
import type { Observed } from '#backends/kit/provisioner'
import { machineName, type Verdict } from '#domain/launch'
import { adopt } from './adopt.ts'
import { failAttempt } from './fail-attempt.ts'
import type { BackendHands, Hands, OnTrouble } from './hands.ts'
import { ownerOf } from './owner.ts'
import type { Attempt } from './rows.ts'
import { mayTurnUp } from './visibility.ts'

const verdictOf = (attempt: Attempt, message: string): Verdict => ({
  class: attempt.class ?? 'transient',
  scope: attempt.scope ?? 'attempt',
  code: attempt.code,
  message: attempt.message === null ? message : `${attempt.message}; ${message}`,
  retryAfterMs: null,
})

/** Every machine of ours at a backend. */
const machinesOf = async (hands: Hands, backend: BackendHands): Promise<readonly Observed[]> => {
  const found: Observed[] = []
  const io = backend.io(() => undefined, hands.signal)
  for await (const listed of backend.provisioner.list(io, ownerOf(hands))) {
    if ('instance' in listed) found.push(listed.instance)
  }
  return found
}

/**
 * Several machines of one attempt are possible where a backend knows no idempotency: one is taken
 * into the books, and the sweep removes the others.
 */
const settleOne = (
  hands: Hands,
  { provisioner }: BackendHands,
  { machines, askedMs }: { readonly machines: readonly Observed[]; readonly askedMs: number },
  attempt: Attempt,
): void => {
  const name = machineName({ owner: ownerOf(hands), attempt: attempt.id })
  const mine = machines.filter((one) => one.tags?.attempt === attempt.id || one.name === name)
  const alive = mine.find(({ phase }) => phase !== 'gone')
  if (alive) {
    adopt(hands, attempt, { ref: alive.ref, rateNanoUsd: alive.rateNanoUsd })
    return
  }
  const [dead] = mine
  if (dead) {
    failAttempt(hands, attempt, dead.cause ?? verdictOf(attempt, 'it was made, and is gone'))
    return
  }
  if (mayTurnUp(provisioner.traits, attempt, askedMs)) return
  failAttempt(hands, attempt, verdictOf(attempt, 'the backend has no such machine'))
}

const settleBackend = async (
  hands: Hands,
  name: string,
  attempts: readonly Attempt[],
): Promise<void> => {
  const backend = await hands.backend(name)
  if (backend === null) throw new Error(`${name} cannot be asked: its credentials are missing`)
  const askedMs = hands.clock.nowMs()
  const machines = await machinesOf(hands, backend)
  for (const attempt of attempts) settleOne(hands, backend, { machines, askedMs }, attempt)
}

/** What cannot be found out now stays as it is, for the next pass. */
export const settleAttempts = async (hands: Hands, onTrouble: OnTrouble): Promise<void> => {
  const byBackend = new Map<string, Attempt[]>()
  for (const attempt of hands.store.unsettledAttempts()) {
    if (attempt.state === 'intended') {
      failAttempt(hands, attempt, verdictOf(attempt, 'given up before anything was asked for'))
      continue
    }
    byBackend.set(attempt.backend, [...(byBackend.get(attempt.backend) ?? []), attempt])
  }
  await Promise.all(
    [...byBackend].map(async ([name, attempts]) => {
      try {
        await settleBackend(hands, name, attempts)
      } catch (error) {
        onTrouble(name, error)
      }
    }),
  )
}
