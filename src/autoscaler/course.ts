/** A simulation over time, for a chart. */
import type { Simulation, Trace } from './simulate.ts'
import type { ReplicaSpan } from './simulated-fleet.ts'

/** From then on, until the next step. */
export interface Step {
  readonly atMs: number
  /** Paid for: starting, ready or draining. */
  readonly replicas: number
  /** Of these, past their start. */
  readonly ready: number
}

interface Change {
  readonly atMs: number
  readonly replicas: number
  readonly ready: number
}

const changesOf = ({ submittedMs, readyMs, endMs }: ReplicaSpan): readonly Change[] => {
  const started = { atMs: submittedMs, replicas: 1, ready: 0 }
  if (readyMs >= endMs) return [started, { atMs: endMs, replicas: -1, ready: 0 }]
  const ready = { atMs: Math.max(readyMs, submittedMs), replicas: 0, ready: 1 }
  return [started, ready, { atMs: endMs, replicas: -1, ready: -1 }]
}

/** Each change of the number of replicas, in order; the first is the start of the trace. */
export const stepsOf = (trace: Trace, { spans }: Simulation): readonly Step[] => {
  const changes = spans.flatMap(changesOf).sort((a, b) => a.atMs - b.atMs)
  const steps: Step[] = [{ atMs: trace.startMs, replicas: 0, ready: 0 }]
  let last = { atMs: trace.startMs, replicas: 0, ready: 0 }
  for (const { atMs, replicas, ready } of changes) {
    const now = { atMs, replicas: last.replicas + replicas, ready: last.ready + ready }
    if (last.atMs === atMs) steps.pop()
    steps.push(now)
    last = now
  }
  return steps.filter((step, index) => {
    const before = steps[index - 1]
    return before === undefined || before.replicas !== step.replicas || before.ready !== step.ready
  })
}

/** The end of the last step: nothing is paid for beyond it but what always is. */
export const courseEndMs = ({ spans, endMs }: Simulation): number =>
  spans.reduce((latest, span) => Math.max(latest, span.endMs), endMs)

/** The most replicas in each of so many equal parts of the time. */
export const replicasByPart = (
  steps: readonly Step[],
  { startMs, endMs, parts }: { startMs: number; endMs: number; parts: number },
): readonly number[] => {
  const partMs = Math.max(endMs - startMs, 1) / parts
  const most = Array.from({ length: parts }, () => 0)
  for (const [index, { atMs, replicas }] of steps.entries()) {
    const untilMs = steps[index + 1]?.atMs ?? endMs
    const first = Math.floor((atMs - startMs) / partMs)
    const last = Math.min(Math.max(Math.ceil((untilMs - startMs) / partMs) - 1, first), parts - 1)
    for (let part = first; part <= last; part += 1) {
      most[part] = Math.max(most[part] ?? 0, replicas)
    }
  }
  return most
}

/** Requests a second in each of so many equal parts of the time. */
export const requestsByPart = (
  { arrivalsMs }: Trace,
  { startMs, endMs, parts }: { startMs: number; endMs: number; parts: number },
): readonly number[] => {
  const partMs = Math.max(endMs - startMs, 1) / parts
  const counts = Array.from({ length: parts }, () => 0)
  for (const atMs of arrivalsMs) {
    const part = Math.min(Math.floor((atMs - startMs) / partMs), parts - 1)
    counts[part] = (counts[part] ?? 0) + 1
  }
  return counts.map((count) => (count * 1000) / partMs)
}
