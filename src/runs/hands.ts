/** What the runs act with. A test gives a clock, a chance and backends of its own. */
import type { CloudIo } from '#backends/kit/cloud-io'
import type {
  LogRequest,
  MachineAccess,
  Provisioner,
  WorkloadState,
} from '#backends/kit/provisioner'
import type { Tunnel } from '#backends/kit/tunnel'
import type { Address, SideObject } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'
import type { Instance, Run } from './rows.ts'
import type { Store } from './store.ts'

interface RunsClock {
  nowMs(): number
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** A backend that may be used, with the credentials that it was given. */
export interface BackendHands {
  readonly provisioner: Provisioner
  /** `note` is where side objects go. */
  io(note: (object: SideObject) => void, signal: AbortSignal): CloudIo
}

/** Runs a workload on a machine that only offers SSH. */
export interface Machines {
  /** Made before the machine: its start-up text carries the keys. */
  access(instanceName: string): MachineAccess
  /** Brings the workload there and starts it; does nothing where it runs already. */
  start(instance: Instance, ssh: Address, workload: Workload): Promise<void>
  observe(instance: Instance, ssh: Address): Promise<WorkloadState>
  stop(instance: Instance, ssh: Address): Promise<void>
  /** The workload's output. */
  logs?(instance: Instance, ssh: Address, request: LogRequest): AsyncIterable<string>
  /** A way to the workload's port. */
  reach?(instance: Instance, ssh: Address): Promise<Tunnel>
}

export interface Hands {
  readonly store: Store
  /** Who acts: only the holder of the lease may. Another name in every process. */
  readonly holder: string
  readonly clock: RunsClock
  /** From 0 to 1. */
  readonly random: () => number
  /** Null for a backend that cannot be used here. */
  backend(name: string): Promise<BackendHands | null>
  /** Best first. */
  offers(run: Run): Promise<readonly Offer[]>
  /** Whether a machine of an offer would do for the run. */
  matches(run: Run): (offer: Offer) => boolean
  /** For one replica: names and environment are its own. Null where only a machine is wanted. */
  workload(run: Run, replica: number): Workload | null
  readonly machines: Machines | null
  /** Requests in flight on a machine that takes no new ones from now on; none where nobody serves. */
  readonly drain?: (instanceId: string) => number
  readonly signal: AbortSignal
}

/** Trouble with one run or backend is told, and does not keep the rest from going on. */
export type OnTrouble = (where: string, error: unknown) => void
