/** Runs a workload on a machine that offers SSH alone: in the container engine there. */
import type { CloudIo } from '#backends/kit/cloud-io'
import { classifyEngine } from '#backends/kit/engine-errors'
import {
  containerLogs,
  createContainer,
  destroyContainer,
  observeContainer,
} from '#backends/kit/engine-machines'
import {
  type EngineHost,
  streamOfEngine,
  usualEngineSocket,
  withEngineOf,
} from '#backends/kit/engine-over-ssh'
import { planContainer } from '#backends/kit/engine-plan'
import type { LogRequest, MachineAccess, WorkloadState } from '#backends/kit/provisioner'
import type { Tunnel } from '#backends/kit/tunnel'
import { BackendUnusableError, MachineUnknownError } from '#domain/errors'
import type { Address, OwnerTags } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'
import { printInstant } from '#platform/http-time'
import { connectSsh, SshFailure, type SshLink } from '#platform/ssh'
import { bareKey } from '#platform/ssh-keys'
import { keysFor, readKeys } from './keys.ts'
import { machineUser, startUpText } from './start-up-text.ts'

/** What must be known of a machine to run something there. */
interface MachineAt {
  /** As `machineName` gives it. */
  readonly name: string
  /** The attempt's. */
  readonly id: string
  readonly backend: string
  readonly offer: Offer
  readonly expiresMs: number
  readonly runId: string | null
  readonly replica: number | null
}

export interface MachinesOptions {
  /** The user's data: keys lie below it. */
  readonly home: string
  /** Where the engine of a machine listens, and who may speak to it: as the start-up text sets it up. */
  readonly user?: string
  readonly engineSocket?: string
  readonly sleep: (delayMs: number) => Promise<void>
  readonly instant: () => string
  readonly signal: AbortSignal
}

export interface SshMachines {
  /** Made before the machine: its start-up text carries the keys. */
  access(instanceName: string): MachineAccess
  /**
   * Begins to bring the workload there, which may take a pull's time; does nothing where that is
   * under way or done. Throws what the last beginning has failed with.
   */
  start(instance: MachineAt, ssh: Address, workload: Workload): Promise<void>
  observe(instance: MachineAt, ssh: Address): Promise<WorkloadState>
  stop(instance: MachineAt, ssh: Address): Promise<void>
  logs(instance: MachineAt, ssh: Address, request: LogRequest): AsyncIterable<string>
  reach(instance: MachineAt, ssh: Address): Promise<Tunnel>
}

const neverCalls = (): Promise<never> =>
  Promise.reject(new TypeError('an engine over SSH is asked over SSH'))

const ioOf = ({ sleep, instant, signal }: MachinesOptions): CloudIo => ({
  call: neverCalls,
  note: () => undefined,
  sleep,
  instant,
  credentials: {},
  secretFile: () => null,
  keepSecret: () => undefined,
  signal,
})

const connect = (
  { home, signal, user = machineUser }: MachinesOptions,
  { name }: MachineAt,
  { host, port }: Address,
): Promise<SshLink> => {
  const keys = readKeys(home, name)
  if (keys === null) {
    throw new BackendUnusableError(`the keys of "${name}" are not here`, {
      hint: 'it was launched with another data folder, or from another machine',
    })
  }
  const known = bareKey(keys.host.publicKey)
  return connectSsh(
    {
      host,
      port,
      user,
      privateKey: keys.login.privateKey,
      keyType: 'ssh-ed25519',
      isHostKey: (key) => key === known,
    },
    signal,
  )
}

/** It boots: nobody answers yet, or with what the image came with, or its engine is on the way. */
const isBooting = (error: unknown): boolean =>
  error instanceof SshFailure && error.kind !== 'host-key'

const tagsFor = ({ name, id, runId, expiresMs }: MachineAt): OwnerTags => ({
  owner: name.split('-')[1] ?? '',
  run: runId ?? '',
  attempt: id,
  expiresAt: printInstant(expiresMs),
})

const placeOf = ({ backend, offer }: MachineAt) => ({ backend, region: offer.region ?? '' })

const bring = async (
  host: EngineHost,
  io: CloudIo,
  instance: MachineAt,
  workload: Workload,
): Promise<void> => {
  const { name, offer, replica } = instance
  const request = {
    tags: tagsFor(instance),
    name,
    replica: replica ?? 0,
    maxPriceNanoUsd: null,
    diskMib: null,
    workload,
    access: null,
  }
  const planned = planContainer(request, offer)
  if ('refusal' in planned) throw new BackendUnusableError(planned.refusal.message)
  await withEngineOf(host, io, (engine) => createContainer(engine, planned.plan, placeOf(instance)))
}

/** The engine says no, and will say it again: the workload has ended before it began. */
const refusalOf = (error: unknown): string | null => {
  const verdict = classifyEngine(error, { during: 'create', spot: false })
  const isFinal = verdict?.class === 'invalid' || verdict?.class === 'auth'
  return isFinal && verdict.scope === 'attempt' ? verdict.message : null
}

type Beginning =
  | { readonly phase: 'under-way' }
  | { readonly phase: 'begun' }
  | { readonly phase: 'refused'; readonly reason: string }
  | { readonly phase: 'failed'; readonly error: unknown }

export const newSshMachines = (options: MachinesOptions): SshMachines => {
  const io = ioOf(options)
  const beginnings = new Map<string, Beginning>()
  /** Connections that workloads are reached through, by machine. */
  const open = new Map<string, Set<SshLink>>()
  const keyOf = ({ id, runId, replica }: MachineAt) => `${id} ${runId ?? ''} ${replica ?? ''}`

  const engineHost = (link: SshLink): EngineHost => ({
    link,
    socket: options.engineSocket ?? usualEngineSocket,
  })

  const on = async <T>(
    instance: MachineAt,
    ssh: Address,
    work: (host: EngineHost) => Promise<T>,
  ): Promise<T> => {
    const link = await connect(options, instance, ssh)
    try {
      return await work(engineHost(link))
    } finally {
      link.close()
    }
  }

  /** Where no new connection is let in, one that is open may still lead there. */
  const onOpen = async <T>(
    instance: MachineAt,
    ssh: Address,
    work: (host: EngineHost) => Promise<T>,
  ): Promise<T> => {
    try {
      return await on(instance, ssh, work)
    } catch (error) {
      const link = [...(open.get(instance.id) ?? [])].at(-1)
      if (link === undefined || !isBooting(error)) throw error
      return work(engineHost(link)).catch(() => Promise.reject(error))
    }
  }

  /** Kept in sight for as long as it is open. */
  const tunnelOver = (link: SshLink, { id }: MachineAt, { host, port }: Address): Tunnel => {
    const links = open.get(id) ?? new Set()
    open.set(id, links.add(link))
    return {
      open: () => link.openPort(host, port),
      close: () => {
        links.delete(link)
        if (links.size === 0) open.delete(id)
        link.close()
      },
    }
  }

  const begin = async (instance: MachineAt, ssh: Address, workload: Workload): Promise<void> => {
    const key = keyOf(instance)
    beginnings.set(key, { phase: 'under-way' })
    try {
      await on(instance, ssh, (host) => bring(host, io, instance, workload))
      beginnings.set(key, { phase: 'begun' })
    } catch (error) {
      const reason = refusalOf(error)
      if (isBooting(error)) beginnings.delete(key)
      else
        beginnings.set(
          key,
          reason === null ? { phase: 'failed', error } : { phase: 'refused', reason },
        )
    }
  }

  const seenAt = (instance: MachineAt, ssh: Address) =>
    onOpen(instance, ssh, (host) =>
      withEngineOf(host, io, (engine) =>
        observeContainer(engine, instance.name, placeOf(instance)),
      ),
    )

  return {
    access: (name) => {
      const keys = keysFor(options.home, name)
      return { user: machineUser, publicKey: keys.login.publicKey, userData: startUpText(keys) }
    },
    start: async (instance, ssh, workload) => {
      const key = keyOf(instance)
      const beginning = beginnings.get(key)
      if (beginning?.phase === 'failed') {
        beginnings.delete(key)
        throw beginning.error
      }
      if (beginning === undefined) void begin(instance, ssh, workload)
    },
    observe: async (instance, ssh) => {
      const beginning = beginnings.get(keyOf(instance))
      if (beginning === undefined) return { phase: 'starting' }
      if (beginning.phase === 'under-way') return { phase: 'pulling' }
      if (beginning.phase === 'failed') throw beginning.error
      if (beginning.phase === 'refused') {
        return { phase: 'exited', exitCode: null, reason: beginning.reason }
      }
      const seen = await seenAt(instance, ssh)
      return seen.workload ?? { phase: 'exited', exitCode: null, reason: 'its container is gone' }
    },
    stop: async (instance, ssh) => {
      await on(instance, ssh, (host) =>
        withEngineOf(host, io, (engine) => destroyContainer(engine, instance.name)),
      )
      beginnings.delete(keyOf(instance))
    },
    logs: async function* logs(instance, ssh, request) {
      const link = await connect(options, instance, ssh)
      try {
        yield* streamOfEngine(engineHost(link), io, (engine) =>
          containerLogs(engine, instance.name, request),
        )
      } finally {
        link.close()
      }
    },
    reach: async (instance, ssh) => {
      const { service } = await seenAt(instance, ssh)
      if (service === null) {
        throw new MachineUnknownError(`"${instance.name}" has no port that is open`)
      }
      return tunnelOver(await connect(options, instance, ssh), instance, service)
    },
  }
}
