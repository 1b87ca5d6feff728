/** The network of an owner in a region: made with the first machine, gone after the last. */
import type { Json } from '#domain/json'
import type { SideObject } from '#domain/launch'
import type { CloudAnswer, CloudIo } from '#backends/kit/cloud-io'
import type { LaunchPlan } from '#backends/kit/provisioner'
import { isNotFound } from '#backends/kit/refusals'
import { allOf, isRefusedAs, type OciDoor, readOne, rowsOf } from './api.ts'
import { filled, type Known, networkName } from './launch-bodies.ts'
import { type Part, partAnswer, partsAnswer, type Vcn, vcnAnswer, vcnsAnswer } from './schema.ts'

const mostReads = 30
const delayMs = 1000

const isThere = ({ lifecycleState }: Part): boolean => lifecycleState !== 'TERMINATED'
const isGoing = ({ lifecycleState }: Part): boolean => lifecycleState === 'TERMINATING'

/** Names are nobody's alone: the tag tells whose it is. */
export const networksOf = async (
  door: OciDoor,
  region: string,
  owner: string,
): Promise<readonly Vcn[]> => {
  const query = { compartmentId: door.compartment, displayName: networkName(owner) }
  const all = await allOf(rowsOf(door, { region, path: '/vcns', query }, vcnsAnswer))
  return all.filter((one) => isThere(one) && one.freeformTags?.['dso-owner'] === owner)
}

type PartPath = '/subnets' | '/internetGateways'

const partsIn = async (
  door: OciDoor,
  region: string,
  path: PartPath,
  vcnId: string,
): Promise<readonly Part[]> => {
  const query = { compartmentId: door.compartment, vcnId }
  const all = await allOf(rowsOf(door, { region, path, query }, partsAnswer))
  return all.filter((one) => isThere(one) && one.freeformTags?.['dso-owner'] !== undefined)
}

/** What is made in the background: asked for again until it is there. */
const untilAvailable = async (
  door: OciDoor,
  region: string,
  path: string,
  first: CloudAnswer,
): Promise<CloudAnswer> => {
  let answer = first
  for (let reads = 0; reads < mostReads; reads++) {
    const { id, lifecycleState } = readOne(partAnswer, answer, path)
    if (lifecycleState === 'AVAILABLE') return answer
    if (lifecycleState !== 'PROVISIONING') break
    await door.sleep(delayMs)
    answer = await door.ask({ method: 'GET', region, path: `${path}/${encodeURIComponent(id)}` })
  }
  throw new Error(`oci ${path}: what was made never came to be`)
}

const bodyAt = (plan: LaunchPlan, at: number, known: Known): Json =>
  filled(plan.calls[at]?.body ?? null, known)

/** The id of the subnet. What is there is not made again; what was cut off in the middle is. */
export const closeOff = async (io: CloudIo, door: OciDoor, plan: LaunchPlan): Promise<string> => {
  const { owner, attempt } = plan.request.tags
  const region = plan.offer.region ?? ''
  const { compartment } = door
  const make = async (path: string, at: number, known: Known): Promise<CloudAnswer> => {
    const json = bodyAt(plan, at, { compartment, ...known })
    const token = `${attempt}-${at}`
    return untilAvailable(
      door,
      region,
      path,
      await door.ask({ method: 'POST', region, path, json, token }),
    )
  }
  const networks = await networksOf(door, region, owner)
  const usable = networks.find((one) => !isGoing(one))
  const subnets = usable ? await partsIn(door, region, '/subnets', usable.id) : []
  const subnet = subnets.find((one) => !isGoing(one))
  if (subnet !== undefined) return subnet.id
  io.note({ kind: 'security-group', id: networkName(owner), region, isShared: true })
  const network = usable ?? readOne(vcnAnswer, await make('/vcns', 0, {}), 'network')
  const known = { network: network.id }
  const gateways = await partsIn(door, region, '/internetGateways', network.id)
  const gateway =
    gateways.find((one) => !isGoing(one)) ??
    readOne(partAnswer, await make('/internetGateways', 1, known), 'gateway')
  await door.ask({
    method: 'PUT',
    region,
    path: `/routeTables/${encodeURIComponent(network.defaultRouteTableId)}`,
    json: bodyAt(plan, 2, { gateway: gateway.id }),
  })
  return readOne(partAnswer, await make('/subnets', 3, known), 'subnet').id
}

/** True where something holds it still. */
const isHeld = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work
    return false
  } catch (error) {
    if (isNotFound(error)) return false
    if (isRefusedAs(error, 'IncorrectState') || isRefusedAs(error, 'Conflict')) return true
    throw error
  }
}

/** From the inside out: as long as a machine that goes still holds its subnet, nothing else is touched. */
const removeNetwork = async (door: OciDoor, region: string, network: Vcn): Promise<void> => {
  const remove = (path: string, { id }: Part): Promise<boolean> =>
    isHeld(door.ask({ method: 'DELETE', region, path: `${path}/${encodeURIComponent(id)}` }))
  for (const subnet of await partsIn(door, region, '/subnets', network.id)) {
    if (isGoing(subnet) || (await remove('/subnets', subnet))) return
  }
  const gateways = await partsIn(door, region, '/internetGateways', network.id)
  if (gateways.length > 0) {
    const path = `/routeTables/${encodeURIComponent(network.defaultRouteTableId)}`
    const json = { routeRules: [] }
    if (await isHeld(door.ask({ method: 'PUT', region, path, json }))) return
  }
  for (const gateway of gateways) {
    if (isGoing(gateway) || (await remove('/internetGateways', gateway))) return
  }
  await remove('/vcns', network)
}

export const removeNetworks = async (
  door: OciDoor,
  { id, region }: SideObject,
): Promise<'gone' | 'going'> => {
  if (region === null) throw new Error(`"${id}" at oci has no region`)
  const networks = await networksOf(door, region, id.replace(/^dso-/, ''))
  for (const network of networks) {
    if (!isGoing(network)) await removeNetwork(door, region, network)
  }
  return networks.length === 0 ? 'gone' : 'going'
}
