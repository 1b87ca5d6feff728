/**
 * What every backend that can launch gives. Adapters are small and hold no state: the attempt row,
 * retries, cool-downs, deadlines, the ledger and the reaper are the core's, which is right once.
 */
import type {
  Address,
  InstancePhase,
  InstanceRef,
  OwnerTags,
  SideObject,
  Verdict,
} from '#domain/launch'
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'
import type { Environment } from '#platform/environment'
import type { CloudIo } from './cloud-io.ts'
import type { Readiness } from './readiness.ts'
import type { Tunnel } from './tunnel.ts'

export interface ProvisionerTraits {
  /** What keeps a create that is sent twice from making two: a token, a unique name, or nothing. */
  readonly idempotency: 'token' | 'name' | 'none'
  /** What a machine can carry to be found by. */
  readonly tags: 'tags' | 'name-only'
  /**
   * `vm`: a machine, on which the workload is started over SSH; `container`, `pod`: the machine is
   * the workload; `host`: a machine that was there before, and stays.
   */
  readonly runtime: 'vm' | 'container' | 'pod' | 'host'
  /** Of the start-up text a machine can be given; 0 where it takes none. */
  readonly userDataMaxBytes: number
  readonly spot: boolean
  /** Whether a machine that is stopped, but not destroyed, costs money. */
  readonly stopBills: boolean
  /** How long a new machine may be missing in lists and reads. */
  readonly listConsistencySeconds: number
  /** Until a machine must be running; the core gives up after it. */
  readonly startSeconds: number
  /** Whether a reclaimed machine is told apart from one that failed. */
  readonly tellsInterruption: boolean
}

/** How the core reaches a machine over SSH, decided before there is one. */
export interface MachineAccess {
  readonly user: string
  /** OpenSSH form. */
  readonly publicKey: string
  /** cloud-init text that puts key and host key in place: the first connection is verified. */
  readonly userData: string
}

export interface LaunchRequest {
  readonly tags: OwnerTags
  /** Of the machine: see `machineName`. */
  readonly name: string
  readonly replica: number
  /** Per instance-hour, inclusive; null is any. */
  readonly maxPriceNanoUsd: number | null
  /** Null for the backend's default. */
  readonly diskMib: number | null
  /** Null for `vm`: the core starts it over SSH. */
  readonly workload: Workload | null
  /** Null but for `vm`. */
  readonly access: MachineAccess | null
}

/** One call as it will be sent. Values that are secret stand in `LaunchPlan.secrets`. */
export interface PlannedCall {
  /** `POST https://…/instances`, or words for what is no HTTP call. */
  readonly what: string
  readonly body: Json
}

/** All that `create` will do. Pure: the same request and offer give the same plan. */
export interface LaunchPlan {
  readonly offer: Offer
  readonly request: LaunchRequest
  readonly calls: readonly PlannedCall[]
  /** The most that it can cost; null where nobody knows. */
  readonly highestNanoUsd: number | null
  /** Values that no print of the plan may show. */
  readonly secrets: readonly string[]
}

export type Planned =
  | { readonly plan: LaunchPlan }
  /** This offer cannot be launched for this request, and why. */
  | { readonly refusal: Verdict }

export interface Created {
  readonly ref: InstanceRef
  /** What the backend says it costs, where it does. */
  readonly rateNanoUsd: number | null
}

export interface Observed {
  readonly ref: InstanceRef
  /** Null where the backend keeps no names. */
  readonly name: string | null
  /** Null for what carries no tags of ours. */
  readonly tags: OwnerTags | null
  readonly phase: InstancePhase
  /** Why it failed or was taken back, where the backend says. */
  readonly cause: Verdict | null
  /** Where SSH answers (`vm`), once known. */
  readonly ssh: Address | null
  /** Where the workload's port answers without a tunnel, once known. */
  readonly service: Address | null
  /** Of `container`, `pod` and `host`: how the workload itself fares; null where not told. */
  readonly workload: WorkloadState | null
  /** What it really costs an hour, where the backend says. */
  readonly rateNanoUsd: number | null
}

export type WorkloadState =
  | { readonly phase: 'pulling' | 'starting' | 'running' }
  | {
      readonly phase: 'exited'
      readonly exitCode: number | null
      readonly reason: string | null
    }

/** What a list of everything of an owner holds. */
export type Listed =
  | { readonly instance: Observed }
  | { readonly sideObject: SideObject; readonly tags: OwnerTags | null }

export interface CallContext {
  readonly during: 'verify' | 'create' | 'observe' | 'list' | 'destroy'
  readonly spot: boolean
}

/** Output of the workload, as it comes; ends with it, or with the signal. */
export interface LogRequest {
  readonly follow: boolean
  readonly signal: AbortSignal
}

export interface Provisioner {
  readonly traits: ProvisionerTraits
  /** Pure: reads names and values of variables, opens nothing. */
  readiness(environment: Environment): Readiness
  /** One cheap read that needs the credentials. Throws what `classify` understands. */
  verify(io: CloudIo): Promise<void>
  /** What it has to offer right now, for backends that no catalog describes. */
  inventory?(io: CloudIo): Promise<readonly Offer[]>
  /** Pure. */
  plan(request: LaunchRequest, offer: Offer): Planned
  /**
   * Does what the plan says, and returns as soon as an id is known. Tells `io.note` of each side
   * object before it is made. Throws what `classify` understands.
   */
  create(io: CloudIo, plan: LaunchPlan): Promise<Created>
  observe(io: CloudIo, ref: InstanceRef): Promise<Observed>
  /** Everything that carries the owner's tag or name, side objects included; nothing else. */
  list(io: CloudIo, owner: string): AsyncIterable<Listed>
  /** `gone` only where a read proves it. Destroying what is not there is `gone`. */
  destroy(io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'>
  destroySideObject(io: CloudIo, object: SideObject): Promise<'gone' | 'going'>
  /** Moves the expiry tag, for backends that can; else the core's ledger alone knows it. */
  renew?(io: CloudIo, ref: InstanceRef, tags: OwnerTags): Promise<void>
  /** The workload's output; absent where the backend gives none. */
  logs?(io: CloudIo, ref: InstanceRef, request: LogRequest): AsyncIterable<string>
  /** Ends the workload and keeps the machine; absent where the machine is the workload. */
  stopWorkload?(io: CloudIo, ref: InstanceRef): Promise<void>
  /** A way to the workload's port; absent where `Observed.service` is one. */
  reach?(io: CloudIo, ref: InstanceRef): Promise<Tunnel>
  /** Pure. */
  classify(error: unknown, context: CallContext): Verdict
}

/** A backend that can launch, as the registry lists it. */
export interface Launcher {
  readonly name: string
  readonly title: string
  readonly endpoint: string
  readonly hosts?: Readonly<Record<string, string>>
  provisioner(): Promise<Provisioner>
}
