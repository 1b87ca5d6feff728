/** What a cloud says of a machine, in our words. */
import type { Address, InstancePhase, InstanceRef, OwnerTags, Verdict } from '#domain/launch'
import type { Observed } from './provisioner.ts'

interface SeenMachine {
  readonly ref: InstanceRef
  readonly name: string | null
  readonly tags: OwnerTags | null
  readonly phase: InstancePhase
  /** Null until it has one. */
  readonly host: string | null
  readonly cause?: Verdict
  readonly rateNanoUsd?: number | null
}

const sshAt = (host: string | null): Address | null => (host === null ? null : { host, port: 22 })

export const machineSeen = (seen: SeenMachine): Observed => ({
  ref: seen.ref,
  name: seen.name,
  tags: seen.tags,
  phase: seen.phase,
  cause: seen.cause ?? null,
  ssh: sshAt(seen.host),
  service: null,
  workload: null,
  rateNanoUsd: seen.rateNanoUsd ?? null,
})

/** What no read shows. */
export const machineGone = (ref: InstanceRef): Observed =>
  machineSeen({ ref, name: null, tags: null, phase: 'gone', host: null })
