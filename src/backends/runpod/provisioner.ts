/** Pods: the container is the machine. Neither tags nor a key: names find what was made. */
import { isMachineNameOf, type InstancePhase, type SideObject } from '#domain/launch'
import type { Address, InstanceRef } from '#domain/launch'
import type { CloudIo } from '#backends/kit/cloud-io'
import { filledIn, planContainer } from '#backends/kit/container-plan'
import { nanoOfUsd } from '#backends/kit/figures'
import { machineGone } from '#backends/kit/observed'
import type {
  Created,
  LaunchPlan,
  Listed,
  Observed,
  Provisioner,
  WorkloadState,
} from '#backends/kit/provisioner'
import { readinessOf } from '#backends/kit/readiness'
import {
  containerRef,
  containerSeen,
  destroySeen,
  rentedContainerTraits,
} from '#backends/kit/rented-container'
import {
  addRegistry,
  ask,
  podPath,
  readPod,
  readPods,
  readRegistries,
  rentByGraphql,
  rentByRest,
} from './api.ts'
import { classify } from './errors.ts'
import { launchCalls, registryPlaceholder, spotMarker } from './launch-bodies.ts'
import { logsOf } from './logs.ts'
import type { Pod } from './schema.ts'

const backend = 'runpod'

const phases: Readonly<Record<string, InstancePhase>> = {
  PROVISIONING: 'pending',
  STARTING: 'pending',
  RUNNING: 'running',
  ERROR: 'failed',
  TERMINATED: 'gone',
}

/** RunPod starts a container that ends again; a pod exits when it is stopped or outbid. */
const phaseOf = ({ status, env }: Pod): InstancePhase => {
  if (status === 'EXITED') return env?.[spotMarker] === '1' ? 'interrupted' : 'failed'
  return phases[status] ?? 'unknown'
}

const workloads: Readonly<Record<string, WorkloadState>> = {
  STARTING: { phase: 'pulling' },
  RUNNING: { phase: 'running' },
}

/** One port is asked for: what is mapped is the service's. */
const serviceOf = ({ runtime }: Pod): Address | null => {
  for (const { type, ip, public: port } of runtime?.ports ?? []) {
    if (type === 'tcp' && ip && port !== null) return { host: ip, port }
  }
  return null
}

/** Told as a float of 32 bits: what is below a millionth is noise, and would breach a limit. */
const rateOf = (usd: number | null): number | null =>
  usd === null ? null : nanoOfUsd(Math.round(usd * 1e6) / 1e6)

const observed = (pod: Pod): Observed =>
  containerSeen({
    ref: containerRef(backend, pod.id),
    name: pod.name,
    phase: phaseOf(pod),
    service: serviceOf(pod),
    workload: workloads[pod.status] ?? null,
    rateNanoUsd: rateOf(pod.cost),
  })

/** Its name is of this attempt alone: one that is there is what an earlier call made. */
const registryId = async (io: CloudIo, { request, calls }: LaunchPlan): Promise<string> => {
  const found = (await readRegistries(io)).find(({ name }) => name === request.name)
  if (found) return found.id
  io.note({ kind: 'secret', id: request.name, region: null, isShared: false })
  return (await addRegistry(io, calls[0]?.body)).id
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const call = plan.calls.at(-1)
  const id = plan.calls.length > 1 ? await registryId(io, plan) : ''
  const json = filledIn(call?.body ?? null, registryPlaceholder, id)
  const rent = call?.what.endsWith('/graphql') ? rentByGraphql : rentByRest
  const rented = await rent(io, json)
  return { ref: containerRef(backend, rented.id), rateNanoUsd: rateOf(rented.usdPerHour) }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  for (const pod of await readPods(io)) {
    if (isMachineNameOf(pod.name, owner)) yield { instance: observed(pod) }
  }
  for (const { name } of await readRegistries(io)) {
    if (!isMachineNameOf(name, owner)) continue
    yield { sideObject: { kind: 'secret', id: name, region: null, isShared: false }, tags: null }
  }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const pod = await readPod(io, ref.id)
  const isGone = pod === null || pod.status === 'TERMINATED'
  return destroySeen(isGone ? null : observed(pod), () =>
    ask(io, { method: 'DELETE', path: podPath(ref.id) }),
  )
}

const destroySideObject = async (io: CloudIo, { id }: SideObject): Promise<'gone' | 'going'> => {
  const found = (await readRegistries(io)).find(({ name }) => name === id)
  if (found === undefined) return 'gone'
  await ask(io, { method: 'DELETE', path: `/v2/registries/${encodeURIComponent(found.id)}` })
  return 'going'
}

export const runpodProvisioner: Provisioner = {
  traits: rentedContainerTraits,
  readiness: (environment) => readinessOf(environment, { key: ['RUNPOD_API_KEY'] }),
  verify: async (io) => {
    await readPods(io)
  },
  plan: (request, offer) => planContainer('RunPod', request, offer, launchCalls),
  create,
  observe: async (io, ref) => {
    const pod = await readPod(io, ref.id)
    return pod === null ? machineGone(ref) : observed(pod)
  },
  list,
  destroy,
  destroySideObject,
  logs: (io, { id }, request) => logsOf(io, id, request),
  classify,
}
