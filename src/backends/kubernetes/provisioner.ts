/** One pod for a replica, beside it a service and its secrets, all of one name. */
import { MachineUnknownError } from '#domain/errors'
import type { InstanceRef, SideObject, Verdict } from '#domain/launch'
import type { Offer } from '#domain/offer'
import { type CloudAnswer, type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import { machineGone } from '#backends/kit/observed'
import { refuseForeign } from '#backends/kit/owner-tags'
import type {
  Created,
  LaunchPlan,
  Listed,
  Observed,
  PlannedCall,
  Provisioner,
} from '#backends/kit/provisioner'
import { isNotFound } from '#backends/kit/refusals'
import { parseInstant } from '#platform/clock'
import { type Cluster, openCluster } from './cluster.ts'
import { classify } from './errors.ts'
import { ownedBy, tagsOf } from './labels.ts'
import { logsOf } from './logs.ts'
import { all, gather } from './pages.ts'
import { planPod } from './plan-pod.ts'
import { offersOfNodes } from './nodes.ts'
import { reachPod } from './port-forward.ts'
import { isOverdue, stateOf, unscheduledMs } from './pod-state.ts'
import { readiness } from './readiness.ts'
import { renew } from './renew.ts'
import {
  events,
  namedObjects,
  nodes,
  type Pod,
  pods,
  readNamed,
  readPage,
  readPod,
} from './schema.ts'

const backend = 'kubernetes'

const refOf = ({ metadata: { name } }: Pod): InstanceRef => ({
  backend,
  id: name,
  region: null,
  zone: null,
})

const inventory = async (io: CloudIo): Promise<readonly Offer[]> => {
  const cluster = await openCluster(io)
  const known = await gather(all(cluster, '/api/v1/nodes', (answer) => readPage(nodes, answer)))
  const running = await gather(all(cluster, '/api/v1/pods', (answer) => readPage(pods, answer)))
  return offersOfNodes(known, running, io.instant())
}

const classOf = (error: unknown): Pick<Verdict, 'class' | 'code'> =>
  classify(error, { during: 'create', spot: false })

const isThere = async (cluster: Cluster, path: string): Promise<boolean> => {
  try {
    await cluster.call({ method: 'GET', path })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/**
 * Its name is of this attempt alone: what is there already is what an earlier call made. A quota
 * that it has filled itself is told before it is seen to be there.
 */
const make = async (
  cluster: Cluster,
  kind: string,
  body: PlannedCall['body'],
): Promise<'made' | 'was-there'> => {
  const path = cluster.at(kind)
  try {
    await cluster.call({ method: 'POST', path, json: body })
    return 'made'
  } catch (error) {
    const { class: failure, code } = classOf(error)
    if (code === 'AlreadyExists') return 'was-there'
    if (failure === 'quota' && (await isThere(cluster, `${path}/${nameIn(body)}`))) {
      return 'was-there'
    }
    throw error
  }
}

const refuseAnother = async (cluster: Cluster, ref: InstanceRef, attempt: string) => {
  const pod = await read(cluster, ref)
  if (pod !== null && tagsOf(pod.metadata)?.attempt !== attempt) {
    refuseForeign(backend, ref.id, { name: null, tags: null })
  }
}

const sideKindOf = (kind: string): SideObject['kind'] =>
  kind === 'services' ? 'service' : 'secret'

const create = async (io: CloudIo, { request, calls, offer }: LaunchPlan): Promise<Created> => {
  const cluster = await openCluster(io)
  const ref = { backend, id: request.name, region: null, zone: null }
  for (const { what, body } of calls) {
    const kind = what.slice(what.lastIndexOf('/') + 1)
    const isPod = kind === 'pods'
    if (!isPod) io.note({ kind: sideKindOf(kind), id: nameIn(body), region: null, isShared: false })
    const outcome = await make(cluster, kind, body)
    if (isPod && outcome === 'was-there') {
      await refuseAnother(cluster, ref, request.tags.attempt)
    }
  }
  return { ref, rateNanoUsd: offer.priceNanoUsd }
}

const nameIn = (body: PlannedCall['body']): string => {
  const metadata: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'metadata') : null
  const name: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'name') : null
  return typeof name === 'string' ? name : ''
}

const read = async (cluster: Cluster, { id }: InstanceRef): Promise<Pod | null> => {
  try {
    return readPod(
      await cluster.call({ method: 'GET', path: cluster.at(`pods/${encodeURIComponent(id)}`) }),
    )
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** Whether an autoscaler has answered the pod's need; not for those who may not know. */
const isScalingUp = async (cluster: Cluster, { metadata: { name } }: Pod): Promise<boolean> => {
  const query = { fieldSelector: `involvedObject.name=${name},reason=TriggeredScaleUp` }
  const read = (answer: CloudAnswer) => readPage(events, answer)
  try {
    return (await gather(all(cluster, cluster.at('events'), read, query))).length > 0
  } catch (error) {
    if (error instanceof CloudRefusal && error.answer.status === 403) return false
    throw error
  }
}

const observed = async (io: CloudIo, cluster: Cluster, pod: Pod): Promise<Observed> => {
  const waitedMs = unscheduledMs(pod, parseInstant(io.instant()) ?? 0)
  const isPatient = waitedMs !== null && isOverdue(waitedMs) && (await isScalingUp(cluster, pod))
  const isEnding = pod.metadata.deletionTimestamp !== null
  const { phase, cause, workload } = stateOf(pod, waitedMs, isPatient)
  return {
    ref: refOf(pod),
    name: pod.metadata.name,
    tags: tagsOf(pod.metadata),
    phase: isEnding && phase !== 'interrupted' ? 'stopping' : phase,
    cause,
    ssh: null,
    service: null,
    workload,
    rateNanoUsd: null,
  }
}

const observe = async (io: CloudIo, ref: InstanceRef): Promise<Observed> => {
  const cluster = await openCluster(io)
  const pod = await read(cluster, ref)
  return pod === null ? machineGone(ref) : observed(io, cluster, pod)
}

const sideKinds = [
  ['services', 'service'],
  ['secrets', 'secret'],
] as const

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const cluster = await openCluster(io)
  const query = { labelSelector: ownedBy(owner) }
  for await (const pod of all(
    cluster,
    cluster.at('pods'),
    (answer) => readPage(pods, answer),
    query,
  )) {
    yield { instance: await observed(io, cluster, pod) }
  }
  for (const [path, kind] of sideKinds) {
    const read = (answer: CloudAnswer) => readPage(namedObjects, answer)
    for await (const { metadata } of all(cluster, cluster.at(path), read, query)) {
      const sideObject = { kind, id: metadata.name, region: null, isShared: false }
      yield { sideObject, tags: tagsOf(metadata) }
    }
  }
}

/** Only what was read: another of the same name, made meanwhile, is refused by its uid. */
const remove = async (cluster: Cluster, path: string, uid: string): Promise<'gone' | 'going'> => {
  try {
    await cluster.call({
      method: 'DELETE',
      path,
      json: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
    })
    return 'going'
  } catch (error) {
    if (isNotFound(error)) return 'gone'
    throw error
  }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const cluster = await openCluster(io)
  const pod = await read(cluster, ref)
  if (pod === null) return 'gone'
  refuseForeign(backend, ref.id, { name: null, tags: tagsOf(pod.metadata) })
  return remove(cluster, cluster.at(`pods/${encodeURIComponent(ref.id)}`), pod.metadata.uid)
}

const destroySideObject = async (
  io: CloudIo,
  { kind, id }: SideObject,
): Promise<'gone' | 'going'> => {
  const path = sideKinds.find(([, one]) => one === kind)?.[0]
  if (path === undefined) return 'gone'
  const cluster = await openCluster(io)
  const at = cluster.at(`${path}/${encodeURIComponent(id)}`)
  try {
    const { metadata } = readNamed(await cluster.call({ method: 'GET', path: at }))
    refuseForeign(backend, id, { name: null, tags: tagsOf(metadata) })
    return await remove(cluster, at, metadata.uid)
  } catch (error) {
    if (isNotFound(error)) return 'gone'
    throw error
  }
}

export const kubernetesProvisioner: Provisioner = {
  traits: {
    idempotency: 'name',
    tags: 'tags',
    runtime: 'pod',
    userDataMaxBytes: 0,
    spot: true,
    stopBills: false,
    listConsistencySeconds: 0,
    startSeconds: 1200,
    tellsInterruption: true,
  },
  readiness,
  verify: async (io) => {
    const cluster = await openCluster(io)
    await cluster.call({ method: 'GET', path: cluster.at('pods'), query: { limit: '1' } })
  },
  inventory,
  plan: planPod,
  create,
  observe,
  list,
  destroy,
  destroySideObject,
  renew,
  logs: (io, { id }, request) => logsOf(io, id, request),
  reach: async (io, ref) => {
    const cluster = await openCluster(io)
    const pod = await read(cluster, ref)
    const port = pod?.spec?.containers[0]?.ports?.[0]?.containerPort
    if (port === undefined) throw new MachineUnknownError(`no pod "${ref.id}" with a port is there`)
    return reachPod(cluster, ref.id, port)
  },
  classify,
}
