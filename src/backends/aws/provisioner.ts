/** EC2 instances: a token keeps a launch from happening twice, tags find what it has made. */
import type { InstancePhase, InstanceRef, OwnerTags, SideObject, Verdict } from '#domain/launch'
import { type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, refuseForeign } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { planMachine } from '#backends/kit/vm-plan'
import { readWire } from '#backends/kit/wire'
import { type Ec2Door, groupNamed, instancesOf, openEc2, openRegions } from './api.ts'
import { awsLaunchReadiness } from './credentials.ts'
import { causeOf, classify, codeOf, RegionClosed } from './errors.ts'
import {
  action,
  expiryTag,
  type Form,
  groupName,
  launchCalls,
  userDataOf,
} from './launch-bodies.ts'
import { type Instance, launchAnswer } from './schema.ts'

const backend = 'aws'
const userDataMaxBytes = 16 * 1024

const phases: Readonly<Record<string, InstancePhase>> = {
  pending: 'pending',
  running: 'running',
  'shutting-down': 'stopping',
  stopping: 'stopping',
  // Nobody of ours stops one; its disk goes on costing.
  stopped: 'failed',
  terminated: 'gone',
}

const tagsOf = (instance: Instance): OwnerTags | null => {
  const tags = new Map(instance.tagSet?.map(({ key, value }) => [key, value]))
  const [owner, run, attempt, expiresAt] = ['owner', 'run', 'attempt', 'expires'].map((key) =>
    tags.get(`dso-${key}`),
  )
  return owner && run !== undefined && attempt && expiresAt
    ? { owner, run, attempt, expiresAt }
    : null
}

const refOf = ({ instanceId, placement }: Instance, region: string): InstanceRef => ({
  backend,
  id: instanceId,
  region,
  zone: placement?.availabilityZone || null,
})

const phaseOf = (state: string, cause: Verdict | null): InstancePhase => {
  const phase = phases[state] ?? 'unknown'
  if (cause === null || (phase !== 'stopping' && phase !== 'gone')) return phase
  return cause.class === 'interrupted' ? 'interrupted' : 'failed'
}

const observed = (instance: Instance, region: string): Observed => {
  const cause = causeOf(instance.stateReason?.code ?? null)
  return machineSeen({
    ref: refOf(instance, region),
    name: instance.tagSet?.find(({ key }) => key === 'Name')?.value ?? null,
    tags: tagsOf(instance),
    phase: phaseOf(instance.instanceState.name, cause),
    host: instance.ipAddress || null,
    ...(cause === null ? {} : { cause }),
  })
}

const isRefusedAs = (error: unknown, code: string): boolean =>
  error instanceof CloudRefusal && codeOf(error.answer) === code

const placeOf = ({ region, id }: InstanceRef | SideObject): string => {
  if (region === null) throw new Error(`"${id}" at ${backend} has no region`)
  return region
}

const read = async (door: Ec2Door, ref: InstanceRef): Promise<Instance | null> => {
  try {
    const form = { 'InstanceId.1': ref.id }
    for await (const instance of instancesOf(door, placeOf(ref), form)) return instance
    return null
  } catch (error) {
    if (isRefusedAs(error, 'InvalidInstanceID.NotFound')) return null
    throw error
  }
}

/** One refusal is as good as done: what is wanted is there, or comes by itself. */
const butFor = async (work: Promise<unknown>, code: string): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!isRefusedAs(error, code)) throw error
  })
}

const formAt = ({ calls }: LaunchPlan, index: number): Form => {
  const body = calls.at(index)?.body
  if (typeof body !== 'object' || body === null) throw new Error('a planned call has no form')
  return Object.fromEntries(
    Object.entries(body).filter((field): field is [string, string] => typeof field[1] === 'string'),
  )
}

/** A group without its rule is what a launch that was cut off has left. */
const closeOff = async (
  io: CloudIo,
  door: Ec2Door,
  region: string,
  plan: LaunchPlan,
): Promise<void> => {
  const name = groupName(plan.request.tags.owner)
  const group = await groupNamed(door, region, name)
  if (group === null) {
    io.note({ kind: 'security-group', id: name, region, isShared: true })
    await butFor(door.ask(region, formAt(plan, 0)), 'InvalidGroup.Duplicate')
  }
  if (group?.ipPermissions?.length) return
  await butFor(door.ask(region, formAt(plan, 1)), 'InvalidPermission.Duplicate')
}

/** Keys that the home region takes are good: another region that refuses them is closed. */
const blame = async (door: Ec2Door, region: string, error: unknown): Promise<never> => {
  if (region === door.home || !isRefusedAs(error, 'AuthFailure')) throw error
  await openRegions(door).catch(() => {
    throw error
  })
  throw new RegionClosed(region)
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const region = plan.offer.region ?? ''
  const door = await openEc2(io)
  try {
    await closeOff(io, door, region, plan)
    const value = await door.ask(region, formAt(plan, -1))
    const [instance] = readWire(launchAnswer, value, 'aws RunInstances').instancesSet
    if (!instance) throw new Error('EC2 has launched nothing, and does not say why')
    return { ref: refOf(instance, region), rateNanoUsd: null }
  } catch (error) {
    return blame(door, region, error)
  }
}

const alive = ['pending', 'running', 'shutting-down', 'stopping', 'stopped']

const filterOf = (owner: string): Form => ({
  'Filter.1.Name': 'tag:dso-owner',
  'Filter.1.Value.1': owner,
  'Filter.2.Name': 'instance-state-name',
  ...Object.fromEntries(alive.map((state, index) => [`Filter.2.Value.${index + 1}`, state])),
  MaxResults: '1000',
})

async function* listRegion(door: Ec2Door, region: string, owner: string): AsyncGenerator<Listed> {
  for await (const one of instancesOf(door, region, filterOf(owner))) {
    const instance = observed(one, region)
    if (isOfOwner(instance, owner)) yield { instance }
  }
  const group = await groupNamed(door, region, groupName(owner))
  if (group === null) return
  const { groupName: id } = group
  yield { sideObject: { kind: 'security-group', id, region, isShared: true }, tags: null }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const door = await openEc2(io)
  for (const region of await openRegions(door)) yield* listRegion(door, region, owner)
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const door = await openEc2(io)
  const instance = await read(door, ref)
  if (instance === null) return 'gone'
  const region = placeOf(ref)
  refuseForeign(backend, ref.id, observed(instance, region))
  if (instance.instanceState.name === 'terminated') return 'gone'
  await door.ask(region, action('TerminateInstances', { 'InstanceId.1': instance.instanceId }))
  return 'going'
}

/** As long as a machine that goes still holds it, it cannot be removed. */
const destroySideObject = async (io: CloudIo, object: SideObject): Promise<'gone' | 'going'> => {
  if (object.kind !== 'security-group') return 'gone'
  const door = await openEc2(io)
  const region = placeOf(object)
  const group = await groupNamed(door, region, object.id)
  if (group === null) return 'gone'
  const form = action('DeleteSecurityGroup', { GroupId: group.groupId })
  await butFor(door.ask(region, form), 'DependencyViolation')
  return 'going'
}

const renew = async (io: CloudIo, ref: InstanceRef, tags: OwnerTags): Promise<void> => {
  const door = await openEc2(io)
  const instance = await read(door, ref)
  if (instance === null) return
  refuseForeign(backend, ref.id, observed(instance, placeOf(ref)))
  await door.ask(placeOf(ref), expiryTag(instance.instanceId, tags))
}

/** A spot price moves: only a limit of the request says what it can come to. */
const plan: Provisioner['plan'] = (request, offer) => {
  const answer = planMachine(request, offer, { userDataMaxBytes }, launchCalls)
  if ('refusal' in answer) return answer
  const { maxPriceNanoUsd: limit, access } = request
  const { priceNanoUsd } = offer
  const most = limit === null || priceNanoUsd === null ? null : Math.max(limit, priceNanoUsd)
  return {
    plan: {
      ...answer.plan,
      highestNanoUsd: offer.spot ? most : priceNanoUsd,
      secrets: [...answer.plan.secrets, userDataOf(access?.userData ?? '')],
    },
  }
}

export const awsProvisioner: Provisioner = {
  traits: {
    idempotency: 'token',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: true,
    stopBills: true,
    listConsistencySeconds: 60,
    startSeconds: 600,
    tellsInterruption: true,
  },
  readiness: awsLaunchReadiness,
  verify: async (io) => {
    await openRegions(await openEc2(io))
  },
  plan,
  create,
  observe: async (io, ref) => {
    const instance = await read(await openEc2(io), ref)
    return instance === null ? machineGone(ref) : observed(instance, placeOf(ref))
  },
  list,
  destroy,
  destroySideObject,
  renew,
  classify,
}
