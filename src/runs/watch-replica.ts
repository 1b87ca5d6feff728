/** A replica that has a machine: from its start to the end of its command. */
import type { Observed, WorkloadState } from '#backends/kit/provisioner'
import type { InstanceRef, Verdict } from '#domain/launch'
import { SshFailure } from '#platform/ssh'
import { giveBack } from './give-back.ts'
import type { BackendHands, Hands } from './hands.ts'
import { cutOffMs, isCutOff, noteHeard } from './outages.ts'
import type { Instance, Replica, Run } from './rows.ts'
import { isActiveReplica, type ReplicaEnd } from './statuses.ts'
import { mayBeHidden } from './visibility.ts'

/** Large images take their time. */
const pullMs = 30 * 60 * 1000

/** A machine of which nothing is heard for so long is taken for lost. */
const silentMs = 20 * 60 * 1000

export const refOf = ({ backend, refId, region, zone }: Instance): InstanceRef => ({
  backend,
  id: refId,
  region,
  zone,
})

/** The replica ends, and its machine is let go of in the passes that follow. */
export const endReplica = (
  { store }: Pick<Hands, 'store'>,
  replica: Replica,
  reason: ReplicaEnd,
  detail: { readonly message?: string | null; readonly exitCode?: number | null } = {},
): void => {
  store.changeReplica(replica, {
    status: 'terminating',
    reason,
    message: detail.message ?? null,
    exitCode: detail.exitCode ?? null,
  })
}

const failedStart = (message: string, of: Partial<Verdict> = {}): Verdict => ({
  class: 'transient',
  scope: 'attempt',
  code: null,
  message,
  retryAfterMs: null,
  ...of,
})

const isStarting = ({ status }: Replica): boolean =>
  status === 'provisioning' || status === 'pulling'

/** It takes the next offer as long as its command has not run; else it ends. */
const lose = (hands: Hands, replica: Replica, instance: Instance, seen: Observed): void => {
  if (isStarting(replica)) {
    const verdict = seen.cause ?? failedStart('the machine did not start')
    giveBack(hands, replica, instance, verdict)
    return
  }
  const reason = seen.phase === 'failed' ? 'executor-error' : 'interrupted-by-no-capacity'
  endReplica(hands, replica, reason, { message: seen.cause?.message ?? 'the machine is gone' })
}

/** Its real rate breaches the limit: it goes, whatever it is doing. */
const refuseRate = (hands: Hands, replica: Replica, instance: Instance): void => {
  const message = 'its rate is above max_price'
  const verdict = failedStart(message, { class: 'offer-gone', scope: 'offer' })
  if (isStarting(replica)) giveBack(hands, replica, instance, verdict)
  else endReplica(hands, replica, 'price-above-limit', { message })
}

const isTooDear = ({ spec }: Run, { rateNanoUsd }: Observed): boolean =>
  spec.maxPriceNanoUsd !== null && rateNanoUsd !== null && rateNanoUsd > spec.maxPriceNanoUsd

const isLate = (hands: Hands, { provisioner }: BackendHands, replica: Replica): boolean => {
  const allowedMs = replica.status === 'pulling' ? pullMs : provisioner.traits.startSeconds * 1000
  return isStarting(replica) && hands.clock.nowMs() - replica.changedMs > allowedMs
}

const isSilent = (hands: Hands, { seenMs, createdMs }: Instance): boolean =>
  hands.clock.nowMs() - (seenMs ?? createdMs) > silentMs

/** It may still be running: its machine goes, and the retry policy decides what comes next. */
const giveUp = (hands: Hands, replica: Replica, why: string): void =>
  endReplica(hands, replica, 'interrupted-by-no-capacity', {
    message: `its machine cannot be reached for ${cutOffMs / 60_000} minutes: ${why}`,
  })

/** How the command fares; null while there is no machine for it yet. */
const workloadOf = async (
  hands: Hands,
  run: Run,
  instance: Instance,
  seen: Observed,
): Promise<WorkloadState | null> => {
  if (seen.workload !== null) return seen.workload
  if (hands.machines === null || seen.ssh === null || seen.phase !== 'running') return null
  const workload = hands.workload(run, instance.replica ?? 0)
  if (workload === null) {
    // Only the machine was wanted; that nothing runs there yet can be said once it lets us in.
    await hands.machines.stop(instance, seen.ssh)
    return { phase: 'exited', exitCode: 0, reason: null }
  }
  await hands.machines.start(instance, seen.ssh, workload)
  return hands.machines.observe(instance, seen.ssh)
}

const follow = (hands: Hands, replica: Replica, state: WorkloadState): void => {
  const { store, clock } = hands
  if (state.phase === 'exited') {
    const { exitCode, reason } = state
    const end = exitCode === 0 ? 'done-by-runner' : 'container-exited-with-error'
    endReplica(hands, replica, end, { exitCode, message: reason })
    return
  }
  if (state.phase === 'running') {
    if (replica.status === 'running') return
    const began = { runningMs: clock.nowMs(), failures: 0, firstFailedMs: null, message: null }
    store.changeReplica(replica, { ...began, status: 'running' })
    return
  }
  if (replica.status === 'provisioning') store.changeReplica(replica, { status: 'pulling' })
}

const isOver = (hands: Hands, { spec }: Run, { runningMs }: Replica): boolean =>
  spec.maxDurationSeconds !== null &&
  runningMs !== null &&
  hands.clock.nowMs() - runningMs >= spec.maxDurationSeconds * 1000

/** What was seen goes into the books, on top of what they say by now. */
export const remember = ({ store, clock }: Hands, id: string, seen: Observed): Instance | null =>
  store.atomically(() => {
    const instance = store.instance(id)
    if (instance === null || instance.endedMs !== null) return null
    const isThere = seen.phase !== 'gone' && seen.phase !== 'unknown'
    return store.changeInstance(instance, {
      ...(instance.status === 'provisioning' && seen.phase === 'running' && { status: 'busy' }),
      seenMs: isThere ? clock.nowMs() : instance.seenMs,
      rateNanoUsd: seen.rateNanoUsd ?? instance.rateNanoUsd,
      serviceHost: seen.service?.host ?? instance.serviceHost,
      servicePort: seen.service?.port ?? instance.servicePort,
      sshHost: seen.ssh?.host ?? instance.sshHost,
      sshPort: seen.ssh?.port ?? instance.sshPort,
    })
  })

export const isLost = ({ phase }: Observed): boolean =>
  phase === 'gone' || phase === 'failed' || phase === 'interrupted'

/** Nobody lets us in yet, as with any new machine. */
const isBooting = (error: unknown): boolean =>
  error instanceof SshFailure && error.kind !== 'host-key'

const brokenOff: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** Nobody lets us in, or the connection breaks: that says nothing about the command. */
const isUnreachable = (error: unknown): boolean =>
  isBooting(error) || (error instanceof Error && brokenOff.has(Reflect.get(error, 'code')))

/** Another machine than the one that was made: nothing is sent to it, now or later. */
const isForeign = (error: unknown): boolean =>
  error instanceof SshFailure && error.kind === 'host-key'

interface Watched {
  readonly run: Run
  readonly replica: Replica
  readonly instance: Instance
}

/**
 * Its machine does not take the command, or does not say how it fares. It may yet, but not for longer
 * than any other start may take.
 */
const failsAt = (
  hands: Hands,
  backend: BackendHands,
  { replica, instance }: Watched,
  error: unknown,
): void => {
  const message = error instanceof Error ? error.message : 'something else was thrown'
  if (!isForeign(error)) {
    if (replica.status === 'running' && !hands.signal.aborted && isUnreachable(error)) {
      if (isCutOff(hands, instance)) return giveUp(hands, replica, message)
    }
    if (hands.signal.aborted || !isLate(hands, backend, replica)) {
      if (isBooting(error) && isStarting(replica)) return
      throw error
    }
    const late = `it did not start in time: ${message}`
    return giveBack(hands, replica, instance, failedStart(late))
  }
  if (isStarting(replica)) return giveBack(hands, replica, instance, failedStart(message))
  return endReplica(hands, replica, 'executor-error', { message })
}

const judgeState = (
  hands: Hands,
  backend: BackendHands,
  { replica, instance, isOverSsh }: Watched & { readonly isOverSsh: boolean },
  state: WorkloadState | null,
): void => {
  if (state !== null && state.phase !== 'pulling' && state.phase !== 'starting') {
    noteHeard(hands, instance)
    return follow(hands, replica, state)
  }
  if (isLate(hands, backend, replica)) {
    return giveBack(hands, replica, instance, failedStart('it did not start in time'))
  }
  if (state !== null && replica.status === 'running' && isOverSsh) {
    // It ran before this process came, which has not been let in since.
    if (isCutOff(hands, instance)) return giveUp(hands, replica, 'nobody answers there')
  }
  if (state !== null) return follow(hands, replica, state)
  if (replica.status === 'running' && isSilent(hands, instance)) {
    return endReplica(hands, replica, 'executor-error', { message: 'nothing is heard of it' })
  }
  return undefined
}

/**
 * As the books have it by now: whoever asked may have slept, and another process acted. Null where it
 * has another machine, or is on its way out.
 */
const stillOn = ({ store }: Hands, before: Replica, { id }: Instance): Replica | null => {
  const now = store.replica(before.runId, before.replica)
  if (now === null || now.submission !== before.submission || now.instanceId !== id) return null
  return isActiveReplica(now.status) ? now : null
}

const judge = async (
  hands: Hands,
  backend: BackendHands,
  watched: Watched,
  seen: Observed,
): Promise<void> => {
  const { run, replica, instance } = watched
  if (isLost(seen)) return lose(hands, replica, instance, seen)
  if (isTooDear(run, seen)) return refuseRate(hands, replica, instance)
  let state: WorkloadState | null
  try {
    state = await workloadOf(hands, run, instance, seen)
  } catch (error) {
    const now = stillOn(hands, replica, instance)
    return now === null ? undefined : failsAt(hands, backend, { ...watched, replica: now }, error)
  }
  const now = stillOn(hands, replica, instance)
  if (now === null) return undefined
  const isOverSsh = seen.workload === null
  return judgeState(hands, backend, { ...watched, replica: now, isOverSsh }, state)
}

/** One step. Throws what the backend throws; the caller looks again in the next pass. */
export const watchReplica = async (hands: Hands, run: Run, replica: Replica): Promise<void> => {
  const { store, clock } = hands
  const instance = store.instance(replica.instanceId ?? '')
  if (instance === null || instance.endedMs !== null) {
    endReplica(hands, replica, 'executor-error', { message: 'its machine is in no book' })
    return
  }
  if (isOver(hands, run, replica)) {
    endReplica(hands, replica, 'max-duration-exceeded')
    return
  }
  const backend = await hands.backend(instance.backend)
  if (backend === null) return
  const io = backend.io(() => undefined, hands.signal)
  const isHidden = mayBeHidden(backend.provisioner.traits, instance, clock.nowMs())
  const seen = await backend.provisioner.observe(io, refOf(instance))
  if (seen.phase === 'gone' && isHidden) return
  const now = remember(hands, instance.id, seen)
  const current = now && stillOn(hands, replica, now)
  if (now && current) await judge(hands, backend, { run, replica: current, instance: now }, seen)
}
