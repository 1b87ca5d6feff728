/** The machines of a fake cloud, and how they age on its virtual clock. */
import type { FakeKnobs, FakeMachine } from './fake-cloud.ts'

type ShelfPhase = 'booting' | 'running' | 'destroying' | 'gone' | 'failed' | 'reclaimed'

export interface ShelfMachine<T> extends FakeMachine {
  /** What the request said of it. */
  readonly data: T
  readonly phase: ShelfPhase
  /** Null until it has one. */
  readonly address: string | null
}

interface Kept<T> {
  readonly id: string
  readonly name: string
  data: T
  readonly createdMs: number
  readonly number: number
  hiddenReads: number
  destroyedMs: number | null
  end: 'failed' | 'reclaimed' | null
}

export interface MachineShelf<T> {
  add(name: string, data: T, id?: string): ShelfMachine<T>
  /** As a read shows it; null for what is not there, or not yet shown. */
  read(id: string): ShelfMachine<T> | null
  /** As a list shows them, oldest first. */
  list(): readonly ShelfMachine<T>[]
  /** False where there is none. */
  destroy(id: string): boolean
  change(id: string, data: T): void
  reclaim(id: string): void
  failNextLater(): void
  /** What costs money. */
  machines(): readonly FakeMachine[]
  namesGiven(): readonly string[]
}

export const newMachineShelf = <T>(
  nowMs: () => number,
  knobs: FakeKnobs,
  nextId: (number: number) => string,
): MachineShelf<T> => {
  const all: Kept<T>[] = []
  let failsNext = false

  const phaseOf = (one: Kept<T>): ShelfPhase => {
    const { destroyedMs, end, createdMs } = one
    if (destroyedMs !== null) return nowMs() - destroyedMs < knobs.destroyMs ? 'destroying' : 'gone'
    if (end === 'reclaimed') return 'reclaimed'
    if (nowMs() - createdMs < knobs.bootMs) return 'booting'
    return end ?? 'running'
  }

  const shown = (one: Kept<T>): ShelfMachine<T> => {
    const phase = phaseOf(one)
    const hasAddress = phase !== 'failed' && nowMs() - one.createdMs >= knobs.addressMs
    return {
      id: one.id,
      name: one.name,
      data: one.data,
      phase,
      address: hasAddress ? `203.0.113.${(one.number % 250) + 1}` : null,
    }
  }

  const isShown = (one: Kept<T>): boolean => {
    const isOld = nowMs() - one.createdMs >= knobs.hiddenMs
    if (isOld || one.hiddenReads === 0) return phaseOf(one) !== 'gone'
    one.hiddenReads -= 1
    return false
  }

  const find = (id: string): Kept<T> | undefined =>
    all.find((one) => one.id === id && phaseOf(one) !== 'gone')

  return {
    add: (name, data, id) => {
      const one: Kept<T> = {
        id: id ?? nextId(all.length + 1),
        name,
        data,
        createdMs: nowMs(),
        number: all.length,
        hiddenReads: knobs.hiddenReads,
        destroyedMs: null,
        end: failsNext ? 'failed' : null,
      }
      failsNext = false
      all.push(one)
      return shown(one)
    },
    read: (id) => {
      const one = find(id)
      return one && isShown(one) ? shown(one) : null
    },
    list: () => all.filter(isShown).map(shown),
    destroy: (id) => {
      const one = find(id)
      if (one) one.destroyedMs ??= nowMs()
      return one !== undefined
    },
    change: (id, data) => {
      const one = find(id)
      if (one) one.data = data
    },
    reclaim: (id) => {
      const one = find(id)
      if (one) one.end = 'reclaimed'
    },
    failNextLater: () => {
      failsNext = true
    },
    machines: () =>
      all
        .filter((one) => !['gone', 'destroying'].includes(phaseOf(one)))
        .map(({ id, name }) => ({ id, name })),
    namesGiven: () => all.map(({ name }) => name),
  }
}
