/**
 * Clouds that rent containers, and know neither tags nor keys of requests: a name finds what was made,
 * and the container is the machine.
 */
import type { Address, InstancePhase, InstanceRef } from '#domain/launch'
import { machineSeen } from './observed.ts'
import { refuseForeign } from './owner-tags.ts'
import type { Observed, ProvisionerTraits, WorkloadState } from './provisioner.ts'

export const rentedContainerTraits: ProvisionerTraits = {
  idempotency: 'none',
  tags: 'name-only',
  runtime: 'container',
  userDataMaxBytes: 0,
  spot: true,
  stopBills: true,
  listConsistencySeconds: 60,
  startSeconds: 1200,
  tellsInterruption: true,
}

/** Ids are unique without a place. */
export const containerRef = (backend: string, id: string): InstanceRef => ({
  backend,
  id,
  region: null,
  zone: null,
})

interface SeenContainer {
  readonly ref: InstanceRef
  readonly name: string | null
  readonly phase: InstancePhase
  readonly service: Address | null
  readonly workload: WorkloadState | null
  readonly rateNanoUsd: number | null
}

export const containerSeen = ({ service, workload, ...seen }: SeenContainer): Observed => ({
  ...machineSeen({ ...seen, tags: null, host: null }),
  service,
  workload,
})

/** `seen` is null for what is gone. Throws MachineForeignError for what carries no name of ours. */
export const destroySeen = async (
  seen: Observed | null,
  remove: () => Promise<unknown>,
): Promise<'gone' | 'going'> => {
  if (seen === null) return 'gone'
  refuseForeign(seen.ref.backend, seen.ref.id, seen)
  await remove()
  return 'going'
}
