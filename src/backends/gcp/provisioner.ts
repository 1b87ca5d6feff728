/** Compute Engine: a request's id keeps a launch from happening twice, labels find what it has made. */
import type { InstancePhase, InstanceRef, OwnerTags, SideObject, Verdict } from '#domain/launch'
import { type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, refuseForeign } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { planMachine } from '#backends/kit/vm-plan'
import { readWire } from '#backends/kit/wire'
import {
  askFor,
  type ComputeDoor,
  instancesOf,
  openCompute,
  readInstance,
  requestIdOf,
  untilDone,
} from './api.ts'
import { gcpLaunchReadiness } from './credentials.ts'
import { classify } from './errors.ts'
import { firewallName, launchCalls } from './launch-bodies.ts'
import { labelsOfTags, tagsOfLabels } from './launch-labels.ts'
import { type Instance, type Operation, operationsAnswer } from './schema.ts'

const backend = 'gcp'
const userDataMaxBytes = 256 * 1024

const phases: Readonly<Record<string, InstancePhase>> = {
  PROVISIONING: 'pending',
  STAGING: 'pending',
  RUNNING: 'running',
  PENDING_STOP: 'stopping',
  STOPPING: 'stopping',
  // Nobody of ours stops one; its disk goes on costing.
  TERMINATED: 'failed',
  SUSPENDING: 'failed',
  SUSPENDED: 'failed',
}

const refOf = (id: string, zone: string): InstanceRef => ({
  backend,
  id,
  region: zone.replace(/-[a-z]+$/, ''),
  zone,
})

const observed = ({ name, zone, status, labels, networkInterfaces }: Instance): Observed =>
  machineSeen({
    ref: refOf(name, zone),
    name,
    tags: tagsOfLabels(labels),
    phase: phases[status] ?? 'unknown',
    host: networkInterfaces?.[0]?.accessConfigs?.[0]?.natIP || null,
  })

const segment = encodeURIComponent

const pathOf = (zone: string, id: string): string =>
  `/zones/${segment(zone)}/instances/${segment(id)}`

/** Names are unique in a zone; ours are unique in the project. */
const read = async (door: ComputeDoor, { id, zone }: InstanceRef): Promise<Instance | null> => {
  if (zone !== null) {
    const value = await askFor(door, pathOf(zone, id))
    return value === null ? null : readInstance(value)
  }
  for await (const instance of instancesOf(door, `name="${id}"`)) return instance
  return null
}

const firewallPath = (name: string): string => `/global/firewalls/${segment(name)}`

/** Two launches at once may both find none: the second of the same name is refused, and is not needed. */
const closeOff = async (
  io: CloudIo,
  door: ComputeDoor,
  { request, calls }: LaunchPlan,
): Promise<void> => {
  const id = firewallName(request.tags.owner)
  if ((await askFor(door, firewallPath(id))) !== null) return
  io.note({ kind: 'firewall', id, region: null, isShared: true })
  try {
    await door.ask({ method: 'POST', path: '/global/firewalls', json: calls[0]?.body })
  } catch (error) {
    if (!(error instanceof CloudRefusal && error.answer.status === 409)) throw error
  }
}

/** Where the one machine was made; null where the operation does not say. */
const zoneOf = ({ instancesBulkInsertOperationMetadata: metadata }: Operation): string | null => {
  const places = Object.entries(metadata?.perLocationStatus ?? {})
  const [place] = places.find(([, { createdVmCount }]) => (createdVmCount ?? 0) > 0) ?? []
  return place?.replace(/^zones\//, '') ?? null
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const region = plan.offer.region ?? ''
  const { name, tags } = plan.request
  const door = await openCompute(io)
  await closeOff(io, door, plan)
  const started = await door.ask({
    method: 'POST',
    path: `/regions/${segment(region)}/instances/bulkInsert`,
    query: { requestId: requestIdOf(tags.attempt) },
    json: plan.calls.at(-1)?.body,
  })
  const zone = zoneOf(await untilDone(io, door, region, started))
  const ref = zone === null ? { backend, id: name, region, zone } : refOf(name, zone)
  return { ref, rateNanoUsd: null }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const door = await openCompute(io)
  for await (const one of instancesOf(door, `labels.dso-owner=${owner}`)) {
    const instance = observed(one)
    if (isOfOwner(instance, owner)) yield { instance }
  }
  const id = firewallName(owner)
  if ((await askFor(door, firewallPath(id))) === null) return
  yield { sideObject: { kind: 'firewall', id, region: null, isShared: true }, tags: null }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const door = await openCompute(io)
  const instance = await read(door, ref)
  if (instance === null) return 'gone'
  refuseForeign(backend, ref.id, observed(instance))
  await door.ask({ method: 'DELETE', path: pathOf(instance.zone, instance.name) })
  return 'going'
}

const destroySideObject = async (
  io: CloudIo,
  { kind, id }: SideObject,
): Promise<'gone' | 'going'> => {
  if (kind !== 'firewall') return 'gone'
  const door = await openCompute(io)
  if ((await askFor(door, firewallPath(id))) === null) return 'gone'
  await door.ask({ method: 'DELETE', path: firewallPath(id) })
  return 'going'
}

/** Labels are set as a whole, and only those that were read. */
const renew = async (io: CloudIo, ref: InstanceRef, tags: OwnerTags): Promise<void> => {
  const door = await openCompute(io)
  const instance = await read(door, ref)
  if (instance === null) return
  refuseForeign(backend, ref.id, observed(instance))
  const { zone, name, labels, labelFingerprint } = instance
  await door.ask({
    method: 'POST',
    path: `${pathOf(zone, name)}/setLabels`,
    json: { labels: { ...labels, ...labelsOfTags(tags) }, labelFingerprint },
  })
}

const takenBack: Verdict = {
  class: 'interrupted',
  scope: 'instance',
  code: 'compute.instances.preempted',
  message: 'Google has taken the spot machine back',
  retryAfterMs: null,
}

/** What is taken back is deleted: only the operation tells of it, for some days. */
const wasTakenBack = async (door: ComputeDoor, { id, zone }: InstanceRef): Promise<boolean> => {
  if (zone === null) return false
  const value = await door.ask({
    method: 'GET',
    path: `/zones/${segment(zone)}/operations`,
    query: {
      filter: 'operationType="compute.instances.preempted"',
      orderBy: 'creationTimestamp desc',
      maxResults: '500',
    },
  })
  const { items } = readWire(operationsAnswer, value, 'gcp operations')
  return items?.some(({ targetLink }) => targetLink?.endsWith(`/instances/${id}`)) ?? false
}

const observe = async (io: CloudIo, ref: InstanceRef): Promise<Observed> => {
  const door = await openCompute(io)
  const instance = await read(door, ref)
  const seen = instance === null ? machineGone(ref) : observed(instance)
  if (seen.phase !== 'gone' && seen.phase !== 'stopping') return seen
  return (await wasTakenBack(door, ref))
    ? { ...seen, phase: 'interrupted', cause: takenBack }
    : seen
}

export const gcpProvisioner: Provisioner = {
  traits: {
    idempotency: 'token',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: true,
    stopBills: true,
    listConsistencySeconds: 90,
    startSeconds: 600,
    tellsInterruption: true,
  },
  readiness: gcpLaunchReadiness,
  verify: async (io) => {
    const door = await openCompute(io)
    await door.ask({ method: 'GET', path: '' })
  },
  plan: (request, offer) => planMachine(request, offer, { userDataMaxBytes }, launchCalls),
  create,
  observe,
  list,
  destroy,
  destroySideObject,
  renew,
  classify,
}
