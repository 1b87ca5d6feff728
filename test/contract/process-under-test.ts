/**
 * A process that can be killed at any await, and at any write of its books. What it has asked for
 * goes on at the other end; nothing that it would have done after is done.
 */
class Killed extends Error {
  constructor() {
    super('the process was killed')
    this.name = 'Killed'
  }
}

export interface ProcessUnderTest {
  /** How many places it could have been killed at so far. */
  readonly points: number
  readonly isDead: boolean
  /** How many times it could have been told something so far: signals are heard at awaits only. */
  readonly awaits: number
  /** Once, at this await, counted like `awaits`; it lives on. */
  atAwait(count: number, act: () => void): void
  /** Resolves when it is killed. */
  readonly killed: Promise<void>
  /** Awaited work: may be cut off before and after. */
  awaiting<T>(work: () => Promise<T>): Promise<T>
  /** Work that is done at once: may be cut off before and after. */
  writing<T>(work: () => T): T
  /** Not cut off, but never done by the dead. */
  reading<T>(work: () => T): T
  /** Until nothing that it has asked for is under way. */
  quiet(): Promise<void>
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** `killAt` counts from 1; null never kills it. */
export const newProcess = (killAt: number | null): ProcessUnderTest => {
  let points = 0
  let awaits = 0
  let isDead = false
  const acts = new Map<number, () => void>()
  let kill: () => void = () => undefined
  const killed = new Promise<void>((resolve) => {
    kill = resolve
  })
  const underWay = new Set<Promise<unknown>>()

  /** True where this is the end, or was. */
  const pass = (): boolean => {
    if (isDead) return true
    points += 1
    if (points === killAt) {
      isDead = true
      kill()
    }
    return isDead
  }

  const hear = (): void => {
    awaits += 1
    acts.get(awaits)?.()
  }

  const track = async <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }

  return {
    get points() {
      return points
    },
    get isDead() {
      return isDead
    },
    get awaits() {
      return awaits
    },
    atAwait: (count, act) => {
      acts.set(count, act)
    },
    killed,
    awaiting: async <T>(work: () => Promise<T>): Promise<T> => {
      if (pass()) return never<T>()
      hear()
      const outcome = await track(work()).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      )
      if (pass()) return never<T>()
      hear()
      if ('error' in outcome) throw outcome.error
      return outcome.value
    },
    writing: (work) => {
      if (pass()) throw new Killed()
      const value = work()
      if (pass()) throw new Killed()
      return value
    },
    reading: (work) => {
      if (isDead) throw new Killed()
      return work()
    },
    quiet: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
