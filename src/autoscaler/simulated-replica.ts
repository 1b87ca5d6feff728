/** A replica on the virtual clock: it serves so many requests at once, and the others in turn. */
export interface SimulatedReplica {
  readonly number: number
  readonly submittedMs: number
  readonly readyMs: number
  /** When each place is free again: a ring, the soonest at `next`. */
  readonly freeMs: Float64Array
  next: number
  /** When its last answer is over. */
  busyUntilMs: number
}

export const newReplica = (given: {
  readonly number: number
  readonly submittedMs: number
  readonly readyMs: number
  readonly concurrency: number
}): SimulatedReplica => ({
  number: given.number,
  submittedMs: given.submittedMs,
  readyMs: given.readyMs,
  freeMs: new Float64Array(given.concurrency),
  next: 0,
  busyUntilMs: given.submittedMs,
})

/** When a request that comes to it now would begin. */
export const beginsAtMs = ({ freeMs, next }: SimulatedReplica, nowMs: number): number =>
  Math.max(nowMs, freeMs[next] ?? 0)

/** All requests take equally long, so places get free in the order in which they were taken. */
export const take = (replica: SimulatedReplica, beginMs: number, serviceMs: number): void => {
  replica.busyUntilMs = beginMs + serviceMs
  replica.freeMs[replica.next] = replica.busyUntilMs
  replica.next = (replica.next + 1) % replica.freeMs.length
}

/** Requests that it has taken and not answered. */
export const unanswered = (
  { freeMs }: SimulatedReplica,
  nowMs: number,
  serviceMs: number,
): number => {
  let count = 0
  for (const free of freeMs) count += Math.ceil(Math.max(0, free - nowMs) / serviceMs)
  return count
}

/** Where a request would begin first, among those that are ready; null where none is. */
export const soonest = (
  replicas: readonly SimulatedReplica[],
  nowMs: number,
): SimulatedReplica | null => {
  let found: SimulatedReplica | null = null
  let foundMs = Infinity
  for (const replica of replicas) {
    if (replica.readyMs > nowMs) continue
    const beginMs = beginsAtMs(replica, nowMs)
    if (beginMs >= foundMs) continue
    found = replica
    foundMs = beginMs
    if (beginMs === nowMs) break
  }
  return found
}

/** Those to stop when so many stay: first what is not ready yet, then the highest numbers. */
export const toStop = (
  replicas: readonly SimulatedReplica[],
  staying: number,
  nowMs: number,
): readonly SimulatedReplica[] => {
  const isReady = ({ readyMs }: SimulatedReplica): number => (readyMs <= nowMs ? 1 : 0)
  return replicas
    .toSorted((a, b) => isReady(a) - isReady(b) || b.number - a.number)
    .slice(0, replicas.length - staying)
}

/** The lowest numbers that no active replica has. */
export const freeNumbers = (
  replicas: readonly SimulatedReplica[],
  count: number,
): readonly number[] => {
  const taken = new Set(replicas.map(({ number }) => number))
  const free: number[] = []
  for (let number = 0; free.length < count; number += 1) if (!taken.has(number)) free.push(number)
  return free
}
