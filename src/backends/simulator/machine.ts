/** A machine of the simulated cloud: all that will become of it by itself is decided when it is made. */
import type { InstancePhase, OwnerTags, SideObjectKind } from '#domain/launch'

export interface SimulatedMachine {
  readonly id: string
  readonly name: string
  /** Null for somebody else's. */
  readonly tags: OwnerTags | null
  /** The offer that it was made of. */
  readonly offerId: string
  readonly region: string
  readonly rateNanoUsd: number
  readonly createdMs: number
  /** Before it, no read and no list shows it. */
  readonly visibleMs: number
  readonly runningMs: number
  /** When the backend knows its address. */
  readonly addressMs: number
  /** When it fails to start; null where it does not. */
  readonly failedMs: number | null
  /** When it is taken back; null where it is not. */
  readonly reclaimedMs: number | null
  /** When it is gone, once it was told to go. */
  readonly goneMs: number | null
}

export interface SimulatedSideObject {
  readonly kind: SideObjectKind
  readonly id: string
  readonly region: string
  readonly isShared: boolean
  readonly tags: OwnerTags | null
}

export const phaseAt = (
  { goneMs, failedMs, reclaimedMs, runningMs }: SimulatedMachine,
  nowMs: number,
): InstancePhase => {
  if (goneMs !== null) return nowMs >= goneMs ? 'gone' : 'stopping'
  if (failedMs !== null && nowMs >= failedMs) return 'failed'
  if (reclaimedMs !== null && nowMs >= reclaimedMs) return 'interrupted'
  return nowMs >= runningMs ? 'running' : 'pending'
}

/** Null while it goes on. */
export const endOf = ({ goneMs, reclaimedMs, failedMs }: SimulatedMachine): number | null => {
  const ends = [goneMs, reclaimedMs, failedMs].filter((one) => one !== null)
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Whether it takes up room, and is charged for. */
export const isOn = (machine: SimulatedMachine, nowMs: number): boolean =>
  (endOf(machine) ?? Infinity) > nowMs
