/**
 * A process that looks after runs: it dies for good at the step it was told, and does nothing any
 * more. A step is a write, or one side of a call to a backend or a machine.
 */
import type { Hands } from '#runs/hands'
import type { Store } from '#runs/store'

export class Crash extends Error {}

/** What the process asks the world for. */
export type Given = Omit<Hands, 'signal' | 'holder'>

export type Side = 'before' | 'after'

type Gate = (call: string, side: Side) => Promise<void> | null

export interface Mortal {
  readonly hands: Hands
  readonly steps: () => number
  readonly isDead: () => boolean
  /** From now on, it dies at the step after so many. */
  dieAfter(steps: number): void
  /** Where it sleeps: before a call is made, or before its answer is looked at. */
  holdUp(gate: Gate | null): void
}

const calls = new Set(['create', 'observe', 'list', 'destroy', 'destroySideObject', 'renew'])
const acts = new Set(['start', 'observe', 'stop'])
const writes = /^(add|change|note|sideObjectGone|coolDown$|atomically|takeLease)/

const { signal } = new AbortController()

export const newProcess = (given: Given, holder: string, crashAt: number): Mortal => {
  let steps = 0
  let last = crashAt
  let isDead = false
  let gate: Gate | null = null
  const step = (): void => {
    steps += 1
    isDead ||= steps >= last
    if (isDead) throw new Crash()
  }
  const asked = async (call: string, ask: () => unknown): Promise<unknown> => {
    const held = gate?.(call, 'before')
    if (held) await held
    const value = await ask()
    await gate?.(call, 'after')
    step()
    return value
  }
  const mortal = <T extends object>(whole: T, names: (name: string) => boolean): T =>
    new Proxy(whole, {
      get: (target, name, self): unknown => {
        const member: unknown = Reflect.get(target, name, self)
        if (typeof member !== 'function' || !names(String(name))) return member
        return (...args: unknown[]): unknown => {
          step()
          const ask = (): unknown => Reflect.apply(member, target, args)
          if (calls.has(String(name)) || acts.has(String(name))) {
            return name === 'list' ? ask() : asked(String(name), ask)
          }
          const answer = ask()
          if (name === 'atomically') step()
          return answer
        }
      },
    })
  const store: Store = mortal(given.store, (name) => writes.test(name))
  const machines = given.machines && mortal(given.machines, (name) => acts.has(name))
  const hands: Hands = {
    ...given,
    store,
    machines,
    holder,
    signal,
    backend: async (name) => {
      const backend = await given.backend(name)
      if (backend === null) return null
      return { ...backend, provisioner: mortal(backend.provisioner, (call) => calls.has(call)) }
    },
  }
  return {
    hands,
    steps: () => steps,
    isDead: () => isDead,
    dieAfter: (count) => {
      last = steps + count
    },
    holdUp: (next) => {
      gate = next
    },
  }
}
