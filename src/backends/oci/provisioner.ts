/** Oracle's compute instances: a token keeps a launch from happening twice, tags find what it has made. */
import type { InstancePhase, InstanceRef, OwnerTags, SideObject, Verdict } from '#domain/launch'
import { type CloudAnswer, type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, refuseForeign } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { isNotFound } from '#backends/kit/refusals'
import { planMachine } from '#backends/kit/vm-plan'
import {
  allOf,
  instancesIn,
  isRefusedAs,
  type OciDoor,
  openOci,
  openRegions,
  readInstanceAt,
  readOne,
  rowsOf,
} from './api.ts'
import { ociLaunchReadiness } from './credentials.ts'
import { classify, isOutOfCapacity, LaunchUnclear, RuledFailure } from './errors.ts'
import { filled, type Known, launchCalls, machineTags, networkName } from './launch-bodies.ts'
import { attachmentsAnswer, type Instance, instanceAnswer, vnicAnswer } from './schema.ts'
import { failureOf } from './launch-outcome.ts'
import { closeOff, networksOf, removeNetworks } from './network.ts'
import { domainsWith, imageFor } from './placement.ts'

const backend = 'oci'

/** All metadata of a machine may have 32,000 bytes, and this is put into base64. */
const userDataMaxBytes = 23_000

const phases: Readonly<Record<string, InstancePhase>> = {
  PROVISIONING: 'pending',
  STARTING: 'pending',
  MOVING: 'pending',
  RUNNING: 'running',
  CREATING_IMAGE: 'running',
  // Nobody of ours stops one; its disk goes on costing.
  STOPPING: 'failed',
  STOPPED: 'failed',
  TERMINATING: 'stopping',
  TERMINATED: 'gone',
}

const tagsOf = ({ freeformTags }: Instance): OwnerTags | null => {
  const [owner, run, attempt, expiresAt] = ['owner', 'run', 'attempt', 'expires'].map(
    (key) => freeformTags?.[`dso-${key}`],
  )
  return owner && run !== undefined && attempt && expiresAt
    ? { owner, run, attempt, expiresAt }
    : null
}

const refOf = ({ id, availabilityDomain }: Instance, region: string): InstanceRef => ({
  backend,
  id,
  region,
  zone: availabilityDomain,
})

const observed = (instance: Instance, region: string, host: string | null): Observed =>
  machineSeen({
    ref: refOf(instance, region),
    name: instance.displayName,
    tags: tagsOf(instance),
    phase: phases[instance.lifecycleState] ?? 'unknown',
    host,
  })

const failed = (instance: Instance, region: string, cause: Verdict): Observed => ({
  ...observed(instance, region, null),
  phase: 'failed',
  cause,
})

const placeOf = ({ region, id }: InstanceRef): string => {
  if (region === null) throw new Error(`"${id}" at ${backend} has no region`)
  return region
}

const read = async (door: OciDoor, ref: InstanceRef): Promise<Instance | null> => {
  const answer = await readInstanceAt(door, placeOf(ref), ref.id)
  return answer === null ? null : readOne(instanceAnswer, answer, 'instance')
}

const hostOf = async (
  door: OciDoor,
  region: string,
  { id, compartmentId }: Instance,
): Promise<string | null> => {
  const query = { compartmentId, instanceId: id }
  const attachments = await allOf(
    rowsOf(door, { region, path: '/vnicAttachments', query }, attachmentsAnswer),
  )
  const attached = attachments.find(({ lifecycleState }) => lifecycleState === 'ATTACHED')
  if (!attached?.vnicId) return null
  const path = `/vnics/${encodeURIComponent(attached.vnicId)}`
  const vnic = readOne(vnicAnswer, await door.ask({ method: 'GET', region, path }), 'vnic')
  return vnic.publicIp || null
}

/** The same call again would ask the first domain anew, which may have room by now. */
const unclearAfterFirst = (error: unknown): unknown =>
  error instanceof CloudRefusal && error.answer.status >= 500 ? new LaunchUnclear() : error

/** Nothing was made, for a lack of hosts or by a limit, both of which are of one domain. */
const isOfDomain = (error: unknown): boolean =>
  ['no-capacity', 'quota'].includes(classify(error, { during: 'create', spot: false }).class)

/** One availability domain after another. Of several refusals the lack of hosts counts: it passes. */
const launchIn = async (
  door: OciDoor,
  plan: LaunchPlan,
  domains: readonly string[],
  known: Known,
): Promise<CloudAnswer> => {
  const region = plan.offer.region ?? ''
  let refusal: unknown = null
  for (const [at, domain] of domains.entries()) {
    const json = filled(plan.calls.at(-1)?.body ?? null, { ...known, domain })
    const token = `${plan.request.tags.attempt}-ad-${at + 1}`
    try {
      return await door.ask({ method: 'POST', region, path: '/instances', json, token })
    } catch (error) {
      if (!isOfDomain(error)) throw at === 0 ? error : unclearAfterFirst(error)
      if (!isOutOfCapacity(refusal)) refusal = error
    }
  }
  throw refusal
}

/** A region that the tenancy has not subscribed to refuses keys that are good elsewhere. */
const blame = async (door: OciDoor, region: string, error: unknown): Promise<never> => {
  if (region === door.home || !isRefusedAs(error, 'NotAuthenticated')) throw error
  const open = await openRegions(door).catch(() => [region])
  if (open.includes(region)) throw error
  const message = `the tenancy has not subscribed to the region ${region}`
  throw new RuledFailure(message, ['forbidden', 'region'])
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const door = openOci(io)
  const region = plan.offer.region ?? ''
  try {
    const domains = await domainsWith(door, plan.offer)
    const image = await imageFor(door, plan.offer)
    const subnet = await closeOff(io, door, plan)
    const known = { compartment: door.compartment, image, subnet }
    const answer = await launchIn(door, plan, domains, known)
    const instance = readOne(instanceAnswer, answer, 'launch')
    return { ref: refOf(instance, region), rateNanoUsd: null }
  } catch (error) {
    return blame(door, region, error)
  }
}

/** Addresses are left out: each would cost two calls. */
async function* listRegion(door: OciDoor, region: string, owner: string): AsyncGenerator<Listed> {
  for await (const one of instancesIn(door, region)) {
    const instance = observed(one, region, null)
    if (instance.phase !== 'gone' && isOfOwner(instance, owner)) yield { instance }
  }
  const networks = await networksOf(door, region, owner)
  if (networks.length === 0) return
  const id = networkName(owner)
  yield { sideObject: { kind: 'security-group', id, region, isShared: true }, tags: null }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const door = openOci(io)
  for (const region of await openRegions(door)) yield* listRegion(door, region, owner)
}

const unlessNotFound = (error: unknown): void => {
  if (!isNotFound(error)) throw error
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const door = openOci(io)
  const region = placeOf(ref)
  const instance = await read(door, ref)
  if (instance === null) return 'gone'
  const seen = observed(instance, region, null)
  refuseForeign(backend, ref.id, seen)
  if (seen.phase === 'gone') return 'gone'
  if (seen.phase === 'stopping') return 'going'
  const path = `/instances/${encodeURIComponent(instance.id)}`
  const query = { preserveBootVolume: 'false', preserveDataVolumesCreatedAtLaunch: 'false' }
  await door.ask({ method: 'DELETE', region, path, query }).catch(unlessNotFound)
  return 'going'
}

const destroySideObject = async (io: CloudIo, object: SideObject): Promise<'gone' | 'going'> =>
  object.kind === 'security-group' ? removeNetworks(openOci(io), object) : 'gone'

/** All tags are written anew: those of others stay. */
const renew = async (io: CloudIo, ref: InstanceRef, tags: OwnerTags): Promise<void> => {
  const door = openOci(io)
  const region = placeOf(ref)
  const instance = await read(door, ref)
  if (instance === null) return
  refuseForeign(backend, ref.id, observed(instance, region, null))
  const expiry = { 'dso-expires': machineTags(tags)['dso-expires'] ?? '' }
  const json = { freeformTags: { ...instance.freeformTags, ...expiry } }
  await door.ask({ method: 'PUT', region, path: `/instances/${encodeURIComponent(ref.id)}`, json })
}

export const ociProvisioner: Provisioner = {
  traits: {
    idempotency: 'token',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: true,
    stopBills: true,
    listConsistencySeconds: 60,
    // Bare metal takes its time.
    startSeconds: 1500,
    tellsInterruption: false,
  },
  readiness: ociLaunchReadiness,
  verify: async (io) => {
    await openRegions(openOci(io))
  },
  plan: (request, offer) => planMachine(request, offer, { userDataMaxBytes }, launchCalls),
  create,
  observe: async (io, ref) => {
    const door = openOci(io)
    const region = placeOf(ref)
    const instance = await read(door, ref)
    if (instance === null) return machineGone(ref)
    if (instance.lifecycleState === 'TERMINATED') {
      const cause = await failureOf(door, region, instance)
      return cause === null ? observed(instance, region, null) : failed(instance, region, cause)
    }
    const isUp = instance.lifecycleState === 'RUNNING'
    return observed(instance, region, isUp ? await hostOf(door, region, instance) : null)
  },
  list,
  destroy,
  destroySideObject,
  renew,
  classify,
}
