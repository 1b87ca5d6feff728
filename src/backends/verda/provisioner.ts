/** Verda's instances: no tags, so that they are found by the host name that was given. */
import {
  type InstancePhase,
  type InstanceRef,
  isMachineNameOf,
  type SideObject,
  type Verdict,
} from '#domain/launch'
import type { CloudIo } from '#backends/kit/cloud-io'
import { nanoOfUsd } from '#backends/kit/figures'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, refuseForeign } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { readinessOf } from '#backends/kit/readiness'
import { planMachine } from '#backends/kit/vm-plan'
import { type Ask, authorise, readId, readInstance, readInstances, readNamed } from './api.ts'
import { classify } from './errors.ts'
import { keyPlace, launchCalls, scriptPlace } from './launch-bodies.ts'
import type { Instance } from './schema.ts'

const backend = 'verda'
const userDataMaxBytes = 16 * 1024

const phases: Readonly<Record<string, InstancePhase>> = {
  ordered: 'pending',
  new: 'pending',
  validating: 'pending',
  provisioning: 'pending',
  running: 'running',
  deleting: 'stopping',
  offline: 'failed',
  error: 'failed',
  no_capacity: 'failed',
}

const noCapacity: Verdict = {
  class: 'no-capacity',
  scope: 'type-region',
  code: 'no_capacity',
  message: 'it was ordered, and there is no capacity',
  retryAfterMs: null,
}

const phaseOf = ({ status, is_spot: isSpot }: Instance): InstancePhase => {
  if (status === 'discontinued') return isSpot === true ? 'interrupted' : 'gone'
  return phases[status] ?? 'unknown'
}

const observed = (instance: Instance): Observed =>
  machineSeen({
    ref: { backend, id: instance.id, region: instance.location, zone: null },
    name: instance.hostname,
    tags: null,
    phase: phaseOf(instance),
    host: instance.ip === '' ? null : instance.ip,
    rateNanoUsd: nanoOfUsd(instance.price_per_hour),
    ...(instance.status === 'no_capacity' && { cause: noCapacity }),
  })

const sides = [
  { what: 'ssh-keys', kind: 'key' },
  { what: 'scripts', kind: 'script' },
] as const

type Side = (typeof sides)[number]

/** Found by its name, or made; its id. */
const addSide = async (
  io: CloudIo,
  ask: Ask,
  { calls, request: { name } }: LaunchPlan,
  { what, kind }: Side,
): Promise<string> => {
  const found = (await readNamed(ask, what)).find((one) => one.name === name)
  if (found) return found.id
  io.note({ kind, id: name, region: null, isShared: false })
  const body = calls.find((call) => call.what.endsWith(`/${what}`))?.body
  return readId(await ask('POST', `/${what}`, body), `verda ${what}`)
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const ask = await authorise(io)
  const key = await addSide(io, ask, plan, sides[0])
  const script = await addSide(io, ask, plan, sides[1])
  const body = JSON.stringify(plan.calls.at(-1)?.body)
  const json: unknown = JSON.parse(body.replace(keyPlace, key).replace(scriptPlace, script))
  const id = readId(await ask('POST', '/instances', json), 'verda instance')
  return { ref: { backend, id, region: plan.offer.region, zone: null }, rateNanoUsd: null }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const ask = await authorise(io)
  for (const one of await readInstances(ask)) {
    const instance = observed(one)
    if (one.status !== 'discontinued' && isOfOwner(instance, owner)) yield { instance }
  }
  for (const { what, kind } of sides) {
    for (const { name: id } of await readNamed(ask, what)) {
      if (!isMachineNameOf(id, owner)) continue
      yield { sideObject: { kind, id, region: null, isShared: false }, tags: null }
    }
  }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const ask = await authorise(io)
  const instance = await readInstance(ask, ref.id)
  if (instance === null || instance.status === 'discontinued') return 'gone'
  refuseForeign(backend, ref.id, observed(instance))
  if (instance.status === 'deleting') return 'going'
  const disk = instance.os_volume_id
  await ask('PUT', '/instances', {
    id: [instance.id],
    action: 'delete',
    volume_ids: disk === null ? [] : [disk],
    delete_permanently: true,
  })
  return 'going'
}

const destroySideObject = async (
  io: CloudIo,
  { kind, id }: SideObject,
): Promise<'gone' | 'going'> => {
  const side = sides.find((one) => one.kind === kind)
  if (side === undefined) return 'gone'
  const ask = await authorise(io)
  const found = (await readNamed(ask, side.what)).find(({ name }) => name === id)
  if (found === undefined) return 'gone'
  await ask('DELETE', `/${side.what}/${encodeURIComponent(found.id)}`)
  return 'going'
}

export const verdaProvisioner: Provisioner = {
  traits: {
    idempotency: 'none',
    tags: 'name-only',
    runtime: 'vm',
    userDataMaxBytes,
    spot: true,
    stopBills: true,
    listConsistencySeconds: 60,
    startSeconds: 1200,
    tellsInterruption: true,
  },
  readiness: (environment) =>
    readinessOf(environment, {
      id: ['VERDA_CLIENT_ID', 'DATACRUNCH_CLIENT_ID'],
      secret: ['VERDA_CLIENT_SECRET', 'DATACRUNCH_CLIENT_SECRET'],
    }),
  verify: async (io) => {
    await readNamed(await authorise(io), 'ssh-keys')
  },
  plan: (request, offer) => planMachine(request, offer, { userDataMaxBytes }, launchCalls),
  create,
  observe: async (io, ref) => {
    const instance = await readInstance(await authorise(io), ref.id)
    return instance === null ? machineGone(ref) : observed(instance)
  },
  list,
  destroy,
  destroySideObject,
  classify,
}
