/** Droplets: no key keeps a create from happening twice, but tags find what it has made. */
import type { InstancePhase, InstanceRef, OwnerTags, SideObject } from '#domain/launch'
import type { CloudIo } from '#backends/kit/cloud-io'
import { nanoOfUsd } from '#backends/kit/figures'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, ownerTag, refuseForeign, tagsOfTexts, tagTexts } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { readinessOf } from '#backends/kit/readiness'
import { isNotFound } from '#backends/kit/refusals'
import { planMachine } from '#backends/kit/vm-plan'
import { ask, droplets, firewallNamed, readDroplet } from './api.ts'
import { classify } from './errors.ts'
import { firewallName, launchCalls } from './launch-bodies.ts'
import type { Droplet } from './schema.ts'

const backend = 'digitalocean'
const userDataMaxBytes = 64 * 1024

const phases: Readonly<Record<string, InstancePhase>> = {
  new: 'pending',
  active: 'running',
  // Nobody of ours turns one off; it goes on costing.
  off: 'failed',
  archive: 'failed',
}

const addressOf = ({ networks }: Droplet): string | null =>
  networks?.v4.find(({ type }) => type === 'public')?.ip_address ?? null

const refOf = ({ id, region }: Droplet): InstanceRef => ({
  backend,
  id: String(id),
  region: region.slug,
  zone: null,
})

const observed = (droplet: Droplet): Observed =>
  machineSeen({
    ref: refOf(droplet),
    name: droplet.name,
    tags: tagsOfTexts(droplet.tags),
    phase: phases[droplet.status] ?? 'unknown',
    host: addressOf(droplet),
    rateNanoUsd: nanoOfUsd(droplet.size?.price_hourly ?? null),
  })

const read = async (io: CloudIo, { id }: InstanceRef): Promise<Droplet | null> => {
  try {
    const path = `/v2/droplets/${encodeURIComponent(id)}`
    return readDroplet(await ask(io, { method: 'GET', path }))
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** Two launches at once may both find none: the second of the same name is refused, and is not needed. */
const closeOff = async (io: CloudIo, { calls, request }: LaunchPlan): Promise<void> => {
  const name = firewallName(request.tags.owner)
  if (await firewallNamed(io, name)) return
  io.note({ kind: 'firewall', id: name, region: null, isShared: true })
  for (const [path, planned] of [
    ['/v2/tags', calls[0]],
    ['/v2/firewalls', calls[1]],
  ] as const) {
    await ask(io, { method: 'POST', path, json: planned?.body })
  }
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  await closeOff(io, plan)
  const json = plan.calls.at(-1)?.body
  const droplet = readDroplet(await ask(io, { method: 'POST', path: '/v2/droplets', json }))
  return { ref: refOf(droplet), rateNanoUsd: nanoOfUsd(droplet.size?.price_hourly ?? null) }
}

/** By tag, and once more all with accelerators: those are left out unless they are asked for. */
async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const seen = new Set<number>()
  for (const query of [{ tag_name: ownerTag(owner) }, { type: 'gpus' }]) {
    for await (const droplet of droplets(io, query)) {
      const instance = observed(droplet)
      if (seen.has(droplet.id) || !isOfOwner(instance, owner)) continue
      seen.add(droplet.id)
      yield { instance }
    }
  }
  const firewall = await firewallNamed(io, firewallName(owner))
  if (firewall === null) return
  const sideObject = { kind: 'firewall', id: firewall.name, region: null, isShared: true } as const
  yield { sideObject, tags: null }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const droplet = await read(io, ref)
  if (droplet === null) return 'gone'
  refuseForeign(backend, ref.id, observed(droplet))
  await ask(io, { method: 'DELETE', path: `/v2/droplets/${droplet.id}` })
  return 'going'
}

const destroySideObject = async (
  io: CloudIo,
  { kind, id }: SideObject,
): Promise<'gone' | 'going'> => {
  const firewall = kind === 'firewall' ? await firewallNamed(io, id) : null
  if (firewall === null) return 'gone'
  await ask(io, { method: 'DELETE', path: `/v2/firewalls/${encodeURIComponent(firewall.id)}` })
  return 'going'
}

/** The new expiry first, so that there is always one. */
const renew = async (io: CloudIo, ref: InstanceRef, tags: OwnerTags): Promise<void> => {
  const droplet = await read(io, ref)
  if (droplet === null) return
  refuseForeign(backend, ref.id, observed(droplet))
  const wanted = tagTexts(tags).find((text) => text.startsWith('dso-expires:')) ?? ''
  const json = { resources: [{ resource_id: ref.id, resource_type: 'droplet' }] }
  const pathOf = (tag: string): string => `/v2/tags/${encodeURIComponent(tag)}/resources`
  if (!droplet.tags.includes(wanted)) {
    await ask(io, { method: 'POST', path: '/v2/tags', json: { name: wanted } })
    await ask(io, { method: 'POST', path: pathOf(wanted), json })
  }
  for (const tag of droplet.tags) {
    if (!tag.startsWith('dso-expires:') || tag === wanted) continue
    await ask(io, { method: 'DELETE', path: pathOf(tag), json })
  }
}

export const digitaloceanProvisioner: Provisioner = {
  traits: {
    idempotency: 'none',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: false,
    stopBills: true,
    listConsistencySeconds: 60,
    startSeconds: 600,
    tellsInterruption: false,
  },
  readiness: (environment) =>
    readinessOf(environment, { key: ['DIGITAL_OCEAN_API_KEY', 'DIGITALOCEAN_TOKEN'] }),
  verify: async (io) => {
    await ask(io, { method: 'GET', path: '/v2/account' })
  },
  plan: (request, offer) => planMachine(request, offer, { userDataMaxBytes }, launchCalls),
  create,
  observe: async (io, ref) => {
    const droplet = await read(io, ref)
    return droplet === null ? machineGone(ref) : observed(droplet)
  },
  list,
  destroy,
  destroySideObject,
  renew,
  classify,
}
