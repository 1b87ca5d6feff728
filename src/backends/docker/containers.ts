/** Containers of ours in the engine, known by the names that they were asked for with. */
import type { CloudIo } from '#backends/kit/cloud-io'
import { fullImageName } from '#backends/kit/engine-body'
import {
  createContainer,
  destroyContainer,
  listContainers,
  observeContainer,
} from '#backends/kit/engine-machines'
import { type Engine, openEngine } from '#backends/kit/engine'
import { machineSeen } from '#backends/kit/observed'
import type { Created, LaunchPlan, Listed, Observed } from '#backends/kit/provisioner'
import type { Tunnel } from '#backends/kit/tunnel'
import { MachineUnknownError } from '#domain/errors'
import type { InstanceRef, OwnerTags } from '#domain/launch'
import { newBringings } from './bringing.ts'
import { classify } from './errors.ts'
import { portOverSsh } from './user-ssh.ts'

export const place = { backend: 'docker', region: 'docker' }

const refOf = (name: string): InstanceRef => ({ ...place, id: name, zone: null })

const named = (seen: Observed): Observed =>
  seen.name === null ? seen : { ...seen, ref: refOf(seen.name) }

const bringings = newBringings((error) => classify(error, { during: 'create', spot: false }))

const isThere = async ({ docker }: Engine, image: string): Promise<boolean> => {
  try {
    await docker.getImage(image).inspect()
    return true
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'statusCode') === 404) return false
    throw error
  }
}

/** An image that is missing is not waited for: until it is there, the machine is seen to pull it. */
export const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const { name, tags, workload } = plan.request
  const engine = await openEngine(io)
  if (workload?.image && !(await isThere(engine, fullImageName(workload.image)))) {
    bringings.begin(io, { name, tags }, async (signal) => {
      await createContainer({ ...io, signal }, plan, place)
    })
  } else await createContainer(io, plan, place)
  return { ref: refOf(name), rateNanoUsd: null }
}

/** One whose image is on the way, or could not be brought. */
const brought = (name: string): Observed | null => {
  const found = bringings.look(name)
  if (found === null) return null
  const { tags, verdict } = found
  const machine = { ref: refOf(name), name, tags, host: null }
  if (verdict !== null) return machineSeen({ ...machine, phase: 'failed', cause: verdict })
  return { ...machineSeen({ ...machine, phase: 'pending' }), workload: { phase: 'pulling' } }
}

export const observe = async (io: CloudIo, { id }: InstanceRef): Promise<Observed> =>
  brought(id) ?? named(await observeContainer(io, id, place))

const isOf = (owner: string, tags: OwnerTags | null): boolean => tags?.owner === owner

export async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  for (const name of bringings.names()) {
    const seen = brought(name)
    if (seen !== null && isOf(owner, seen.tags)) yield { instance: seen }
  }
  for await (const listed of listContainers(io, owner, place)) {
    const isShown = 'instance' in listed && bringings.look(listed.instance.name ?? '') !== null
    if ('instance' in listed && !isShown) yield { instance: named(listed.instance) }
  }
}

export const destroy = async (io: CloudIo, { id }: InstanceRef): Promise<'gone' | 'going'> => {
  await bringings.end(id)
  return destroyContainer(io, id)
}

const mappedPort = async ({ docker }: Engine, id: string): Promise<number | null> => {
  const { NetworkSettings } = await docker.getContainer(id).inspect()
  const [first] = Object.values(NetworkSettings.Ports).flat()
  const port = Number(first?.HostPort ?? 0)
  return port > 0 ? port : null
}

/** Of an engine behind ssh. One here is reached at its address. */
export const reach = async (io: CloudIo, { id }: InstanceRef): Promise<Tunnel> => {
  const port = await mappedPort(await openEngine(io), id)
  const open = port === null ? null : portOverSsh(io, port)
  if (open !== null) return { open, close: () => undefined }
  throw new MachineUnknownError(`"${id}" has no port that can be reached from here`, {
    hint: 'a DOCKER_HOST of ssh:// leads there, one of tcp:// to another machine does not',
  })
}
