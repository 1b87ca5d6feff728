/** A submitted replica gets a machine: an idle one of the pool, else the next offer. */
import type { FailureClass } from '#domain/launch'
import { tryOffer } from './attempt.ts'
import { chooseOffer } from './choose-offer.ts'
import type { Hands } from './hands.ts'
import { takeLease } from './lease.ts'
import { idleMatches } from './pool.ts'
import { type Attempt, isOpenAttempt, type Replica, type Run } from './rows.ts'

/** True where one was taken. The machine and the replica are looked at again under the lock. */
const takeIdle = (hands: Hands, run: Run, { runId, replica: number }: Replica): boolean => {
  const { store } = hands
  const { reuse, pool, instanceName, maxPriceNanoUsd } = run.spec
  if (reuse === 'never') return false
  const request = { pool, instanceName, maxPriceNanoUsd, matches: hands.matches(run) }
  return store.atomically(() => {
    const [instance] = idleMatches(store.instances(), request)
    const replica = store.replica(runId, number)
    if (instance === undefined || replica?.status !== 'submitted') return false
    takeLease(hands)
    store.changeInstance(instance, {
      status: 'provisioning',
      runId,
      replica: number,
      idleSinceMs: null,
      idleSeconds: run.spec.idleSeconds,
    })
    const message = `reuses ${instance.name}`
    store.changeReplica(replica, { status: 'provisioning', instanceId: instance.id, message })
    return true
  })
}

const failReplica = ({ store }: Hands, replica: Replica, message: string): void => {
  store.changeReplica(replica, {
    status: 'failed',
    reason: 'failed-to-start-due-to-no-capacity',
    message,
  })
}

/** An attempt that never asked for anything does not use its offer up. */
const usesOffer = ({ state, sentMs, class: failureClass }: Attempt): boolean =>
  state !== 'failed' || sentMs !== null || failureClass !== 'transient'

/** What is wrong with the request is wrong with every offer of that backend. */
const endsBackend: ReadonlySet<FailureClass> = new Set(['invalid', 'auth', 'balance'])

/** One step: at most one attempt. Where no offer is left, the replica has failed. */
export const placeReplica = async (hands: Hands, run: Run, replica: Replica): Promise<void> => {
  const { store, clock } = hands
  const attempts = store.attemptsOf(replica)
  if (attempts.some(isOpenAttempt)) return
  if (takeIdle(hands, run, replica)) return
  if (run.spec.reuse === 'only') {
    failReplica(hands, replica, 'no idle machine of the pool matches, and none may be made')
    return
  }
  const ended = new Set(
    attempts.filter((one) => one.class && endsBackend.has(one.class)).map((one) => one.backend),
  )
  const all = await hands.offers(run)
  const offers = all.filter(({ backend }) => !ended.has(backend))
  const { offer, passedOver } = chooseOffer({
    offers,
    tried: new Set(attempts.filter(usesOffer).map((attempt) => attempt.offer.id)),
    coolingDown: (keys) => [...store.coolingDown(keys, clock.nowMs()).values()][0] ?? null,
    maxPriceNanoUsd: run.spec.maxPriceNanoUsd,
    attempts: run.spec.attempts,
  })
  if (offer !== null) {
    await tryOffer(hands, run, replica, offer)
    return
  }
  // Offers are looked for anew in time: those that were tried may be among them no longer.
  const known = new Set([...attempts.map(({ offer: { id } }) => id), ...all.map(({ id }) => id)])
  const tried = `${attempts.length} of ${known.size} offers tried`
  const left = passedOver.length > 0 ? `, ${passedOver.length} left alone for now` : ''
  failReplica(hands, replica, `${tried}${left}`)
}
