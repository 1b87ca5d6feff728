/** How the simulated cloud behaves. Everything is decided by a seed and the time. */
import type { FailureClass, FailureScope } from '#domain/launch'
import { chanceOf } from './chance.ts'

type SimulatedCall = 'verify' | 'create' | 'observe' | 'list' | 'destroy'

/** What goes wrong with one call. */
export type Fault =
  | { readonly kind: 'refused'; readonly class: FailureClass; readonly scope: FailureScope }
  /** It never arrives, or its answer never comes back. */
  | { readonly kind: 'lost-request' | 'lost-response' }
  /** A side object is made, and then there is no room for the machine. */
  | { readonly kind: 'partial' }
  /** It is made, and costs more than it was offered for. */
  | { readonly kind: 'dearer' }
  /** It is made, and never starts. */
  | { readonly kind: 'dies' }

export interface SimulatorRules {
  /** How many machines an offer has room for. */
  capacity(offerId: string, nowMs: number): number
  /** Null where all goes well. `count` tells calls apart. */
  fault(call: SimulatedCall, count: number): Fault | null
  /** From the call until the machine runs. */
  startMs(machineId: string): number
  /** Until reads and lists show a new machine. */
  visibleMs(machineId: string): number
  /** Until a machine that was told to go is gone. */
  destroyMs(machineId: string): number
  /** From its start until a spot machine is taken back; null for never. */
  reclaimMs(machineId: string): number | null
}

const minuteMs = 60_000

/** No room for this long, or some. */
const capacityEveryMs = 10 * minuteMs

/** What `--backend simulator` shows: a cloud on an ordinary day. */
export const ordinaryRules = (seed: number): SimulatorRules => ({
  capacity: (offerId, nowMs) => {
    const chance = chanceOf(seed, 'capacity', offerId, Math.floor(nowMs / capacityEveryMs))
    return chance < 0.25 ? 0 : Math.ceil(chance * 8)
  },
  fault: (call, count) => {
    if (call !== 'create') return null
    const chance = chanceOf(seed, 'fault', count)
    if (chance < 0.03) return { kind: 'lost-response' }
    if (chance < 0.06) return { kind: 'dies' }
    return chance < 0.08 ? { kind: 'refused', class: 'quota', scope: 'family-region' } : null
  },
  startMs: (id) => 4000 + Math.round(8000 * chanceOf(seed, 'start', id)),
  visibleMs: (id) => Math.round(2000 * chanceOf(seed, 'visible', id)),
  destroyMs: (id) => 1000 + Math.round(3000 * chanceOf(seed, 'destroy', id)),
  reclaimMs: (id) => Math.round((10 + 600 * chanceOf(seed, 'reclaim', id)) * minuteMs),
})
