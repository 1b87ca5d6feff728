/** Requests that wait for a replica: first come, first served, so many and so long. */
import type { GatewayClock } from './options.ts'

export interface Holdable {
  /** When it gave up waiting, or shall; null before its first wait. */
  holdUntilMs: number | null
  release(): void
  /** Nobody came in time. */
  expire(): void
}

interface HoldQueueOptions {
  readonly maxHeld: number
  readonly holdMs: number
  readonly clock: GatewayClock
}

export class HoldQueue {
  private readonly options: HoldQueueOptions
  private readonly waiting = new Map<Holdable, AbortController>()

  constructor(options: HoldQueueOptions) {
    this.options = options
  }

  get size(): number {
    return this.waiting.size
  }

  /** False where the queue is full. A request that waits again keeps its first deadline. */
  add(request: Holdable): boolean {
    const { maxHeld, holdMs, clock } = this.options
    if (this.waiting.size >= maxHeld) return false
    request.holdUntilMs ??= clock.nowMs() + holdMs
    const timer = new AbortController()
    this.waiting.set(request, timer)
    clock.sleep(Math.max(0, request.holdUntilMs - clock.nowMs()), timer.signal).then(
      () => {
        if (this.waiting.delete(request)) request.expire()
      },
      // It was released, or its client left.
      () => {},
    )
    return true
  }

  remove(request: Holdable): void {
    this.waiting.get(request)?.abort()
    this.waiting.delete(request)
  }

  releaseAll(): void {
    for (const request of this.takeAll()) request.release()
  }

  takeAll(): readonly Holdable[] {
    const all = [...this.waiting.keys()]
    for (const request of all) this.remove(request)
    return all
  }
}
