/** Lambda's instances: each with a key of its own, since a launch names exactly one. */
import {
  isMachineNameOf,
  type InstancePhase,
  type InstanceRef,
  type OwnerTags,
} from '#domain/launch'
import type { CloudIo } from '#backends/kit/cloud-io'
import { nanoOfCents } from '#backends/kit/figures'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, refuseForeign, tagsOfTexts, tagTexts } from '#backends/kit/owner-tags'
import type {
  Created,
  LaunchPlan,
  Listed,
  Observed,
  PlannedCall,
  Provisioner,
} from '#backends/kit/provisioner'
import { readinessOf } from '#backends/kit/readiness'
import { planMachine, type VmAsk } from '#backends/kit/vm-plan'
import { readWire } from '#backends/kit/wire'
import { ask, readInstance, readInstances, readKeys } from './api.ts'
import { classify } from './errors.ts'
import { type Instance, launchAnswer } from './schema.ts'

const backend = 'lambdalabs'
const address = 'https://cloud.lambda.ai/api/v1'
const userDataMaxBytes = 1024 * 1024

const phases: Readonly<Record<string, InstancePhase>> = {
  booting: 'pending',
  active: 'running',
  terminating: 'stopping',
  terminated: 'gone',
  preempted: 'interrupted',
}

interface Tag {
  readonly key: string
  readonly value: string
}

const tagsFrom = (tags: OwnerTags): readonly Tag[] =>
  tagTexts(tags).map((text) => {
    const colon = text.indexOf(':')
    return { key: text.slice(0, colon), value: text.slice(colon + 1) }
  })

const refOf = ({ id, region }: Instance): InstanceRef => ({
  backend,
  id,
  region: region.name,
  zone: null,
})

const observed = (instance: Instance): Observed =>
  machineSeen({
    ref: refOf(instance),
    name: instance.name,
    tags: tagsOfTexts((instance.tags ?? []).map(({ key, value }) => `${key}:${value}`)),
    phase: phases[instance.status] ?? 'unknown',
    host: instance.ip,
    rateNanoUsd: nanoOfCents(instance.instance_type?.price_cents_per_hour ?? null),
  })

const launchCalls = ({ request, access, region, offer }: VmAsk): readonly PlannedCall[] => [
  {
    what: `POST ${address}/ssh-keys`,
    body: { name: request.name, public_key: access.publicKey },
  },
  {
    what: `POST ${address}/instance-operations/launch`,
    body: {
      region_name: region,
      instance_type_name: offer.instanceType.name,
      ssh_key_names: [request.name],
      name: request.name,
      hostname: request.name,
      user_data: access.userData,
      tags: tagsFrom(request.tags).map(({ key, value }) => ({ key, value })),
    },
  },
]

const addKey = async (io: CloudIo, { calls, request }: LaunchPlan): Promise<void> => {
  const keys = await readKeys(io)
  if (keys.some(({ name }) => name === request.name)) return
  io.note({ kind: 'key', id: request.name, region: null, isShared: false })
  await ask(io, 'POST', '/ssh-keys', calls[0]?.body)
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  await addKey(io, plan)
  const value = await ask(io, 'POST', '/instance-operations/launch', plan.calls[1]?.body)
  const [id] = readWire(launchAnswer, value, 'lambdalabs launch').data.instance_ids
  return { ref: { backend, id, region: plan.offer.region, zone: null }, rateNanoUsd: null }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  for (const one of await readInstances(io)) {
    const instance = observed(one)
    if (instance.phase !== 'gone' && isOfOwner(instance, owner)) yield { instance }
  }
  for (const { name } of await readKeys(io)) {
    if (!isMachineNameOf(name, owner)) continue
    yield { sideObject: { kind: 'key', id: name, region: null, isShared: false }, tags: null }
  }
}

const ours = async (io: CloudIo, ref: InstanceRef): Promise<Instance | null> => {
  const instance = await readInstance(io, ref.id)
  if (instance === null || phases[instance.status] === 'gone') return null
  refuseForeign(backend, ref.id, observed(instance))
  return instance
}

export const lambdalabsProvisioner: Provisioner = {
  traits: {
    idempotency: 'none',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: false,
    stopBills: true,
    listConsistencySeconds: 60,
    startSeconds: 1200,
    tellsInterruption: true,
  },
  readiness: (environment) =>
    readinessOf(environment, { key: ['LAMBDA_API_KEY', 'LAMBDALABS_TOKEN'] }),
  verify: async (io) => {
    await readKeys(io)
  },
  plan: (request, offer) => planMachine(request, offer, { userDataMaxBytes }, launchCalls),
  create,
  observe: async (io, ref) => {
    const instance = await readInstance(io, ref.id)
    return instance === null ? machineGone(ref) : observed(instance)
  },
  list,
  destroy: async (io, ref) => {
    const instance = await ours(io, ref)
    if (instance === null) return 'gone'
    if (instance.status === 'terminating') return 'going'
    await ask(io, 'POST', '/instance-operations/terminate', { instance_ids: [instance.id] })
    return 'going'
  },
  destroySideObject: async (io, { id }) => {
    const key = (await readKeys(io)).find(({ name }) => name === id)
    if (key === undefined) return 'gone'
    await ask(io, 'DELETE', `/ssh-keys/${encodeURIComponent(key.id)}`)
    return 'going'
  },
  renew: async (io, ref, tags) => {
    const instance = await ours(io, ref)
    if (instance === null) return
    await ask(io, 'POST', `/instances/${encodeURIComponent(instance.id)}`, { tags: tagsFrom(tags) })
  },
  classify,
}
