/** Hosts that were there before and stay: what runs on one is a container, reached over SSH. */
import { machineName, type InstanceRef, type OwnerTags } from '#domain/launch'
import { BackendUnusableError, MachineUnknownError } from '#domain/errors'
import type { CloudIo } from '#backends/kit/cloud-io'
import {
  containerLogs,
  createContainer,
  destroyContainer,
  listContainers,
  observeContainer,
} from '#backends/kit/engine-machines'
import {
  type EngineHost,
  streamOfEngine,
  usualEngineSocket,
  withEngineOf,
} from '#backends/kit/engine-over-ssh'
import { planContainer } from '#backends/kit/engine-plan'
import { machineGone, machineSeen } from '#backends/kit/observed'
import type {
  Created,
  LaunchPlan,
  Listed,
  LogRequest,
  Observed,
  Provisioner,
} from '#backends/kit/provisioner'
import { dataHome } from '#platform/home'
import type { SshLink } from '#platform/ssh'
import { classify } from './errors.ts'
import { hostsFile, hostsVariable } from './hosts-file.ts'
import { connectHost, hostNamed, hostsOf } from './hosts.ts'
import { offerOfHost } from './inventory.ts'
import { freeHost, holderOf, keepHost, takeHost } from './lock.ts'
import type { Host } from './schema.ts'

const backend = 'ssh'

const refOf = ({ name, region }: Host, machine: string): InstanceRef => ({
  backend,
  id: `${name}/${machine}`,
  region,
  zone: null,
})

const placeOf = ({ region, name }: Host) => ({ backend, region: region ?? name })

const engineHost = (link: SshLink, { engine_socket }: Host): EngineHost => ({
  link,
  socket: engine_socket ?? usualEngineSocket,
})

const onHost = async <T>(
  io: CloudIo,
  host: Host,
  work: (link: SshLink) => Promise<T>,
): Promise<T> => {
  const link = await connectHost(io, host)
  try {
    return await work(link)
  } finally {
    link.close()
  }
}

/** The host of a machine, and the name of its container there. */
const find = (io: CloudIo, { id }: InstanceRef): readonly [Host, string] => {
  const [name = '', machine = ''] = id.split('/')
  return [hostNamed(io, name), machine]
}

/** Its port is one of the host's own loopback; the lock knows the newest expiry. */
const asSeen = (seen: Observed, host: Host, holder: OwnerTags | null): Observed => {
  const isHolder = holder !== null && machineName(holder) === seen.name
  return {
    ...seen,
    ref: refOf(host, seen.name ?? ''),
    service: null,
    tags: isHolder ? holder : seen.tags,
  }
}

/** A host that is taken, on which nothing runs yet, or no more. */
const taken = (host: Host, holder: OwnerTags): Observed => {
  const name = machineName(holder)
  return machineSeen({ ref: refOf(host, name), name, tags: holder, phase: 'pending', host: null })
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const { request, offer } = plan
  const host = hostNamed(io, offer.instanceType.name)
  await onHost(io, host, async (link) => {
    const files = await link.files()
    await takeHost(files, host.name, request.tags)
    try {
      await withEngineOf(engineHost(link, host), io, (engine) =>
        createContainer(engine, plan, placeOf(host)),
      )
    } catch (error) {
      // What may have been made is found by its lock.
      const { class: failureClass } = classify(error, { during: 'create', spot: false })
      if (failureClass !== 'ambiguous') await freeHost(files, request.name)
      throw error
    }
  })
  return { ref: refOf(host, request.name), rateNanoUsd: null }
}

const observe = async (io: CloudIo, ref: InstanceRef): Promise<Observed> => {
  const [host, machine] = find(io, ref)
  return onHost(io, host, async (link) => {
    const holder = await holderOf(await link.files())
    const seen = await withEngineOf(engineHost(link, host), io, (engine) =>
      observeContainer(engine, machine, placeOf(host)),
    )
    if (seen.phase !== 'gone') return asSeen(seen, host, holder)
    const isHeld = holder !== null && machineName(holder) === machine
    return isHeld ? taken(host, holder) : machineGone(ref)
  })
}

const listHost = (io: CloudIo, host: Host, owner: string): Promise<readonly Listed[]> =>
  onHost(io, host, (link) =>
    withEngineOf(engineHost(link, host), io, async (engine) => {
      const holder = await holderOf(await link.files())
      const found: Listed[] = []
      for await (const listed of listContainers(engine, owner, placeOf(host))) {
        if ('instance' in listed) found.push({ instance: asSeen(listed.instance, host, holder) })
      }
      const isShown = found.some(
        (one) => holder !== null && 'instance' in one && one.instance.name === machineName(holder),
      )
      if (holder?.owner === owner && !isShown) found.push({ instance: taken(host, holder) })
      return found
    }),
  )

/** Of hosts that answer first: that of one nothing is known, is thrown only then. */
async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const answers = await Promise.allSettled(hostsOf(io).map((host) => listHost(io, host, owner)))
  for (const answer of answers) if (answer.status === 'fulfilled') yield* answer.value
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const [host, machine] = find(io, ref)
  return onHost(io, host, async (link) => {
    const answer = await withEngineOf(engineHost(link, host), io, (engine) =>
      destroyContainer(engine, machine),
    )
    if (answer === 'gone') await freeHost(await link.files(), machine)
    return answer
  })
}

async function* logs(io: CloudIo, ref: InstanceRef, request: LogRequest): AsyncGenerator<string> {
  const [host, machine] = find(io, ref)
  const link = await connectHost(io, host)
  try {
    yield* streamOfEngine(engineHost(link, host), io, (engine) =>
      containerLogs(engine, machine, request),
    )
  } finally {
    link.close()
  }
}

/** The port of the host's loopback that the engine has given to the workload. */
const reach: Provisioner['reach'] = async (io, ref) => {
  const [host, machine] = find(io, ref)
  const link = await connectHost(io, host)
  try {
    const { service } = await withEngineOf(engineHost(link, host), io, (engine) =>
      observeContainer(engine, machine, placeOf(host)),
    )
    if (service === null) throw new MachineUnknownError(`"${ref.id}" has no port that is open`)
    return { open: () => link.openPort(service.host, service.port), close: () => link.close() }
  } catch (error) {
    link.close()
    throw error
  }
}

/** One host that lets us in is enough. */
const verify = async (io: CloudIo): Promise<void> => {
  const hosts = hostsOf(io)
  if (hosts.length === 0) {
    throw new BackendUnusableError('there is no file of hosts, or it names none', {
      hint: 'write hosts.yml into the folder of your settings, or set DSTACK_OFFERS_SSH_HOSTS',
    })
  }
  await Promise.any(
    hosts.map((host) =>
      onHost(io, host, (link) => withEngineOf(engineHost(link, host), io, async () => undefined)),
    ),
  ).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error
  })
}

export const sshProvisioner: Provisioner = {
  traits: {
    idempotency: 'name',
    tags: 'tags',
    runtime: 'host',
    userDataMaxBytes: 0,
    spot: false,
    stopBills: false,
    listConsistencySeconds: 0,
    startSeconds: 120,
    tellsInterruption: false,
  },
  readiness: (environment) => {
    const hosts = hostsFile(environment)
    if (hosts === null) return { status: 'missing', names: [hostsVariable] }
    const home = environment['HOME'] ?? ''
    return { status: 'ready', values: { hosts, data: dataHome(environment), home } }
  },
  verify,
  inventory: async (io) => hostsOf(io).map((host) => offerOfHost(host, io.instant())),
  plan: planContainer,
  create,
  observe,
  list,
  destroy,
  destroySideObject: async () => 'gone',
  renew: async (io, ref, tags) => {
    const [host] = find(io, ref)
    await onHost(io, host, async (link) => keepHost(await link.files(), tags))
  },
  logs,
  reach,
  classify,
}
