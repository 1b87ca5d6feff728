/** Virtual machines, each with its disk, interface and address, in one resource group per owner. */
import { MachineForeignError } from '#domain/errors'
import type { InstancePhase, InstanceRef, OwnerTags, SideObject, Verdict } from '#domain/launch'
import { type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import { machineGone, machineSeen } from '#backends/kit/observed'
import { isOfOwner, refuseForeign } from '#backends/kit/owner-tags'
import type { Created, LaunchPlan, Listed, Observed, Provisioner } from '#backends/kit/provisioner'
import { isNotFound, jsonOf } from '#backends/kit/refusals'
import { planMachine } from '#backends/kit/vm-plan'
import { readWire } from '#backends/kit/wire'
import { azureLaunchReadiness } from './account.ts'
import {
  type AzureDoor,
  contentsIn,
  machinesIn,
  ofSubscription,
  openAzure,
  readPlace,
  readResource,
  untilReady,
} from './api.ts'
import { causeOf, classify } from './errors.ts'
import { filled, launchCalls, machineTags, rulesId, subnetId } from './launch-bodies.ts'
import { byId, groupAt, groupName, machineAt, networkAt, type Place, rulesAt } from './places.ts'
import { interfaceAnswer, machineAnswer, type VirtualMachine } from './schema.ts'

const backend = 'azure'

/** Before it is put into base64. */
const userDataMaxBytes = 65_535

const powers: Readonly<Record<string, InstancePhase>> = {
  'PowerState/starting': 'pending',
  'PowerState/running': 'running',
  // Nobody of ours stops one; its disk and address go on costing.
  'PowerState/stopping': 'failed',
  'PowerState/stopped': 'failed',
  'PowerState/deallocating': 'failed',
  'PowerState/deallocated': 'failed',
}

/** A machine that runs is there, even if something that was wanted of it later has failed. */
const phaseOf = ({ properties }: VirtualMachine): InstancePhase => {
  const { provisioningState: state, instanceView } = properties
  if (state === 'Deleting') return 'stopping'
  const power = instanceView?.statuses.find(({ code }) => code.startsWith('PowerState/'))?.code
  if (power !== undefined && power !== 'PowerState/starting') return powers[power] ?? 'unknown'
  if (state === 'Failed' || state === 'Canceled') return 'failed'
  return state === 'Succeeded' && power === undefined ? 'running' : 'pending'
}

const tagsOf = ({ tags }: VirtualMachine): OwnerTags | null => {
  const [owner, run, attempt, expiresAt] = ['owner', 'run', 'attempt', 'expires'].map(
    (key) => tags?.[`dso-${key}`],
  )
  return owner && run !== undefined && attempt && expiresAt
    ? { owner, run, attempt, expiresAt }
    : null
}

const causeFor = ({ properties }: VirtualMachine): Verdict | null => {
  for (const { code, message } of properties.instanceView?.statuses ?? []) {
    const cause = causeOf(code, message ?? '')
    if (cause !== null) return cause
  }
  return null
}

const observed = (ref: InstanceRef, machine: VirtualMachine, host: string | null): Observed => {
  const cause = causeFor(machine)
  return machineSeen({
    ref,
    name: machine.name,
    tags: tagsOf(machine),
    phase: phaseOf(machine),
    host,
    ...(cause === null ? {} : { cause }),
  })
}

/** Made of our own words: lists spell the group in capitals. */
const refOf = (door: AzureDoor, owner: string, name: string, region: string): InstanceRef => ({
  backend,
  id: ofSubscription(door, machineAt(owner, name)).path,
  region,
  zone: null,
})

const anyMachineId =
  /^\/subscriptions\/[^/?#]+\/resourceGroups\/[^/?#]+\/providers\/Microsoft\.Compute\/virtualMachines\/[^/?#]+$/i

/** By the id, which names its subscription: another one than today's is asked about its own. */
const read = async (door: AzureDoor, { id }: InstanceRef): Promise<VirtualMachine | null> => {
  if (!anyMachineId.test(id)) throw new Error(`"${id}" is no id of a machine at ${backend}`)
  const answer = await readPlace(door, byId(id, 'machine'), { $expand: 'instanceView' })
  return answer === null ? null : readWire(machineAnswer, jsonOf(answer), 'azure machine')
}

const hostOf = async (door: AzureDoor, machine: VirtualMachine): Promise<string | null> => {
  const [first] = machine.properties.networkProfile?.networkInterfaces ?? []
  if (first === undefined) return null
  const query = { $expand: 'ipConfigurations/publicIPAddress' }
  const answer = await readPlace(door, byId(first.id, 'interface'), query)
  if (answer === null) return null
  const { properties } = readWire(interfaceAnswer, jsonOf(answer), 'azure interface')
  const [main] = properties.ipConfigurations
  return main?.properties.publicIPAddress?.properties?.ipAddress || null
}

/** The id of the subnet. What is there is not made again; what was cut off in the middle is. */
const closeOff = async (io: CloudIo, door: AzureDoor, plan: LaunchPlan): Promise<string> => {
  const { owner } = plan.request.tags
  const region = plan.offer.region ?? ''
  const places = [groupAt(groupName(owner)), rulesAt(owner, region), networkAt(owner, region)]
  const [group, rules, network] = places.map((place) => ofSubscription(door, place))
  if (!group || !rules || !network) throw new Error('a launch has no network')
  const subnetOf = (id: string): string => `${id}/subnets/machines`
  const there = await readResource(door, network)
  if (there?.properties.provisioningState === 'Succeeded') return subnetOf(there.id)
  // The group holds the rules, the network and all that a machine may leave behind.
  io.note({ kind: 'security-group', id: groupName(owner), region: null, isShared: true })
  const put = async (place: Place, at: number, known: Readonly<Record<string, string>>) => {
    const json = filled(plan.calls[at]?.body ?? null, known)
    return untilReady(door, place, await door.ask({ method: 'PUT', place, json }))
  }
  await put(group, 0, {})
  const { id } = await put(rules, 1, {})
  return subnetOf((await put(network, 2, { [rulesId]: id })).id)
}

const isTaken = (error: unknown): boolean =>
  error instanceof CloudRefusal && error.answer.status === 412

/** Create-only: a name that is taken is that of this very attempt, whose machine is there. */
const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const door = await openAzure(io)
  const { tags, name } = plan.request
  const subnet = await closeOff(io, door, plan)
  const place = ofSubscription(door, machineAt(tags.owner, name))
  const json = filled(plan.calls.at(-1)?.body ?? null, { [subnetId]: subnet })
  try {
    await door.ask({ method: 'PUT', place, headers: { 'if-none-match': '*' }, json })
  } catch (error) {
    if (!isTaken(error)) throw error
  }
  const ref = refOf(door, tags.owner, name, plan.offer.region ?? '')
  return { ref, rateNanoUsd: null }
}

/** Addresses are left out: each would cost a call. */
async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const door = await openAzure(io)
  for await (const machine of machinesIn(door, owner)) {
    const ref = refOf(door, owner, machine.name, machine.location)
    const instance = observed(ref, machine, null)
    if (isOfOwner(instance, owner)) yield { instance }
  }
  const id = groupName(owner)
  if ((await readResource(door, ofSubscription(door, groupAt(id)))) === null) return
  yield { sideObject: { kind: 'security-group', id, region: null, isShared: true }, tags: null }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const door = await openAzure(io)
  const machine = await read(door, ref)
  if (machine === null) return 'gone'
  refuseForeign(backend, ref.id, observed(ref, machine, null))
  const query = { forceDeletion: 'true' }
  await door.ask({ method: 'DELETE', place: byId(ref.id, 'machine'), query }).catch(unlessNotFound)
  return 'going'
}

const unlessNotFound = (error: unknown): void => {
  if (!isNotFound(error)) throw error
}

/** A group goes with all that is in it: so only when no machine is, and nothing of somebody else. */
const destroySideObject = async (
  io: CloudIo,
  { kind, id }: SideObject,
): Promise<'gone' | 'going'> => {
  if (kind !== 'security-group') return 'gone'
  const door = await openAzure(io)
  const place = ofSubscription(door, groupAt(id))
  const group = await readResource(door, place)
  if (group === null) return 'gone'
  if (group.properties.provisioningState === 'Deleting') return 'going'
  const isOurs = groupName(group.tags?.['dso-owner'] ?? '') === id
  for await (const { name, type } of contentsIn(door, id)) {
    if (!isOurs || !name.startsWith(`${id}-`)) throw foreignGroup(id)
    if (type.toLowerCase() === 'microsoft.compute/virtualmachines') return 'going'
  }
  if (!isOurs) throw foreignGroup(id)
  await door.ask({ method: 'DELETE', place }).catch(unlessNotFound)
  return 'going'
}

const foreignGroup = (id: string): MachineForeignError =>
  new MachineForeignError(`the resource group "${id}" at ${backend} holds what is none of ours`, {
    hint: 'move it to a group of its own, and the rest is removed',
  })

const renew = async (io: CloudIo, ref: InstanceRef, tags: OwnerTags): Promise<void> => {
  const door = await openAzure(io)
  const machine = await read(door, ref)
  if (machine === null) return
  refuseForeign(backend, ref.id, observed(ref, machine, null))
  const json = {
    operation: 'Merge',
    properties: { tags: { 'dso-expires': machineTags(tags)['dso-expires'] } },
  }
  await door.ask({ method: 'PATCH', place: byId(ref.id, 'tags'), json })
}

/** A spot price moves: only a limit of the request says what it can come to. */
const plan: Provisioner['plan'] = (request, offer) => {
  const answer = planMachine(request, offer, { userDataMaxBytes }, launchCalls)
  if ('refusal' in answer || !offer.spot) return answer
  const { maxPriceNanoUsd: limit } = request
  const { priceNanoUsd } = offer
  const most = limit === null || priceNanoUsd === null ? null : Math.max(limit, priceNanoUsd)
  return { plan: { ...answer.plan, highestNanoUsd: most } }
}

export const azureProvisioner: Provisioner = {
  traits: {
    idempotency: 'name',
    tags: 'tags',
    runtime: 'vm',
    userDataMaxBytes,
    spot: true,
    stopBills: true,
    listConsistencySeconds: 60,
    startSeconds: 900,
    tellsInterruption: false,
  },
  readiness: azureLaunchReadiness,
  verify: async (io) => {
    const door = await openAzure(io)
    await door.ask({ method: 'GET', place: { path: door.home, version: '2022-12-01' } })
  },
  plan,
  create,
  observe: async (io, ref) => {
    const door = await openAzure(io)
    const machine = await read(door, ref)
    return machine === null ? machineGone(ref) : observed(ref, machine, await hostOf(door, machine))
  },
  list,
  destroy,
  destroySideObject,
  renew,
  classify,
}
