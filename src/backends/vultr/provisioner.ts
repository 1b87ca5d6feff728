/** Vultr's machines, virtual and whole: found by tag, since no key keeps a create from happening twice. */
import type { InstancePhase, InstanceRef } from '#domain/launch'
import type { CloudIo } from '#backends/kit/cloud-io'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, ownerTag, refuseForeign, tagsOfTexts, tagTexts } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { readinessOf } from '#backends/kit/readiness'
import { planMachine } from '#backends/kit/vm-plan'
import { readWire } from '#backends/kit/wire'
import { ask, findMachine, firewallsOf, type Kind, machines, readMachine } from './api.ts'
import { classify } from './errors.ts'
import { firewallName, firewallPlace, kindOf, launchCalls } from './launch-bodies.ts'
import { firewallAnswer, type Machine } from './schema.ts'

const backend = 'vultr'

/** No limit is documented: no more than the least of the other clouds'. */
const userDataMaxBytes = 16 * 1024

const phases: Readonly<Record<string, InstancePhase>> = {
  pending: 'pending',
  resizing: 'pending',
  active: 'running',
  suspended: 'failed',
}

/** Ids of the two kinds are alike: ours say which it is. */
const metalPrefix = 'bare-metals/'

const placeOf = ({ id }: InstanceRef): { readonly kind: Kind; readonly id: string } =>
  id.startsWith(metalPrefix)
    ? { kind: 'bare-metals', id: id.slice(metalPrefix.length) }
    : { kind: 'instances', id }

const refOf = (kind: Kind, { id, region }: Machine): InstanceRef => ({
  backend,
  id: kind === 'bare-metals' ? `${metalPrefix}${id}` : id,
  region,
  zone: null,
})

const hostOf = ({ main_ip: address }: Machine): string | null =>
  address === null || address === '' || address === '0.0.0.0' ? null : address

const observed = (kind: Kind, machine: Machine): Observed =>
  machineSeen({
    ref: refOf(kind, machine),
    name: machine.label,
    tags: tagsOfTexts(machine.tags ?? []),
    phase: phases[machine.status] ?? 'unknown',
    host: hostOf(machine),
  })

/** One that was made and got no rule, since it was cut off there, gets it now. */
const closeOff = async (io: CloudIo, { calls, request }: LaunchPlan): Promise<string> => {
  const description = firewallName(request.tags.owner)
  const [found] = await firewallsOf(io, description)
  if (found && found.rule_count > 0) return found.id
  io.note({ kind: 'firewall', id: description, region: null, isShared: true })
  const made =
    found ??
    readWire(
      firewallAnswer,
      await ask(io, { method: 'POST', path: '/firewalls', json: calls[0]?.body }),
      'vultr firewall',
    ).firewall_group
  for (const { body } of calls.slice(1, -1)) {
    await ask(io, { method: 'POST', path: `/firewalls/${made.id}/rules`, json: body })
  }
  return made.id
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const kind = kindOf(plan.offer.instanceType.name)
  const body = JSON.stringify(plan.calls.at(-1)?.body)
  const firewall = kind === 'instances' ? await closeOff(io, plan) : ''
  const json: unknown = JSON.parse(body.replace(firewallPlace, firewall))
  const value = await ask(io, { method: 'POST', path: `/${kind}`, json })
  return { ref: refOf(kind, readMachine(kind, value)), rateNanoUsd: null }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  for (const kind of ['instances', 'bare-metals'] as const) {
    for await (const machine of machines(io, kind, { tag: ownerTag(owner) })) {
      const instance = observed(kind, machine)
      if (isOfOwner(instance, owner)) yield { instance }
    }
  }
  const id = firewallName(owner)
  if ((await firewallsOf(io, id)).length === 0) return
  yield { sideObject: { kind: 'firewall', id, region: null, isShared: true }, tags: null }
}

const observe = async (io: CloudIo, ref: InstanceRef): Promise<Observed> => {
  const { kind, id } = placeOf(ref)
  const machine = await findMachine(io, kind, id)
  return machine === null ? machineGone(ref) : observed(kind, machine)
}

/** False where there is none. Throws MachineForeignError. */
const isThere = async (io: CloudIo, ref: InstanceRef): Promise<boolean> => {
  const seen = await observe(io, ref)
  if (seen.phase === 'gone') return false
  refuseForeign(backend, ref.id, seen)
  return true
}

const pathOf = (ref: InstanceRef): string => {
  const { kind, id } = placeOf(ref)
  return `/${kind}/${encodeURIComponent(id)}`
}

export const vultrProvisioner: Provisioner = {
  traits: {
    idempotency: 'none',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: false,
    stopBills: true,
    listConsistencySeconds: 60,
    startSeconds: 1800,
    tellsInterruption: false,
  },
  readiness: (environment) => readinessOf(environment, { key: ['VULTR_API_KEY'] }),
  verify: async (io) => {
    await ask(io, { method: 'GET', path: '/account' })
  },
  plan: (request, offer) => planMachine(request, offer, { userDataMaxBytes }, launchCalls),
  create,
  observe,
  list,
  destroy: async (io, ref) => {
    if (!(await isThere(io, ref))) return 'gone'
    await ask(io, { method: 'DELETE', path: pathOf(ref) })
    return 'going'
  },
  destroySideObject: async (io, { id }) => {
    const found = await firewallsOf(io, id)
    for (const firewall of found) {
      await ask(io, { method: 'DELETE', path: `/firewalls/${encodeURIComponent(firewall.id)}` })
    }
    return found.length === 0 ? 'gone' : 'going'
  },
  renew: async (io, ref, tags) => {
    if (!(await isThere(io, ref))) return
    await ask(io, { method: 'PATCH', path: pathOf(ref), json: { tags: tagTexts(tags) } })
  },
  classify,
}
