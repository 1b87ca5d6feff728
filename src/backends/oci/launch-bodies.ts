/** What is sent to make a machine, and the network that closes it off. */
import type { Json } from '#domain/json'
import type { OwnerTags } from '#domain/launch'
import { mibPerGb } from '#domain/memory'
import type { PlannedCall } from '#backends/kit/provisioner'
import type { VmAsk } from '#backends/kit/vm-plan'

const defaultDiskGib = 100
/** Oracle takes no smaller boot volume. */
const leastDiskGib = 50
const range = '10.0.0.0/16'

/** Known only after a call before, or of the account: see `filled`. */
const unknownYet = {
  compartment: '<compartment>',
  network: '<id of the network>',
  gateway: '<id of the gateway>',
  routes: '<id of the routes>',
  subnet: '<id of the subnet>',
  domain: '<availability domain>',
  image: '<id of the image>',
} as const

export type Known = Partial<Record<keyof typeof unknownYet, string>>

export const networkName = (owner: string): string => `dso-${owner}`

export const machineTags = (tags: OwnerTags): Readonly<Record<string, string>> => ({
  'dso-owner': tags.owner,
  'dso-run': tags.run,
  'dso-attempt': tags.attempt,
  'dso-expires': tags.expiresAt,
})

/** `VM.Standard.E4.Flex.2o.16g` is a size of a shape that comes in any. */
const flexible = /^(.+\.Flex)\.(\d+)o\.(\d+)g$/

export const shapeOf = (instanceType: string): string =>
  flexible.exec(instanceType)?.[1] ?? instanceType

const shapeFields = (instanceType: string): Readonly<Record<string, Json>> => {
  const [, shape, ocpus, memoryGib] = flexible.exec(instanceType) ?? []
  if (shape === undefined) return { shape: instanceType }
  return { shape, shapeConfig: { ocpus: Number(ocpus), memoryInGBs: Number(memoryGib) } }
}

const preemptible: Readonly<Record<string, Json>> = {
  preemptibleInstanceConfig: {
    preemptionAction: { type: 'TERMINATE', preserveBootVolume: false },
  },
}

const machineBody = ({ request, access, offer }: VmAsk): Json => {
  const { diskMib, name, tags } = request
  const diskGib = diskMib === null ? defaultDiskGib : Math.ceil(diskMib / mibPerGb)
  return {
    compartmentId: unknownYet.compartment,
    availabilityDomain: unknownYet.domain,
    displayName: name,
    freeformTags: machineTags(tags),
    ...shapeFields(offer.instanceType.name),
    sourceDetails: {
      sourceType: 'image',
      imageId: unknownYet.image,
      bootVolumeSizeInGBs: Math.max(diskGib, leastDiskGib),
    },
    createVnicDetails: { subnetId: unknownYet.subnet, assignPublicIp: true },
    instanceOptions: { areLegacyImdsEndpointsDisabled: true },
    metadata: { user_data: Buffer.from(access.userData).toString('base64') },
    ...(offer.spot ? preemptible : {}),
  }
}

/**
 * A network of the owner in the region, with a way out. Its own first security list lets in SSH, and
 * ICMP that networks need, and nothing else.
 */
const networkBodies = (owner: string): readonly Json[] => {
  const ours = {
    compartmentId: unknownYet.compartment,
    displayName: networkName(owner),
    freeformTags: { 'dso-owner': owner },
  }
  const inside = { ...ours, vcnId: unknownYet.network }
  const out = {
    destination: '0.0.0.0/0',
    destinationType: 'CIDR_BLOCK',
    networkEntityId: unknownYet.gateway,
  }
  return [
    { ...ours, cidrBlocks: [range] },
    { ...inside, isEnabled: true },
    { routeRules: [out] },
    { ...inside, cidrBlock: range, prohibitPublicIpOnVnic: false },
  ]
}

/** Network, gateway, routes, subnet; the machine. */
export const launchCalls = (ask: VmAsk): readonly PlannedCall[] => {
  const address = `https://iaas.${ask.region}.oraclecloud.com/20160918`
  const calls = [
    'POST /vcns',
    'POST /internetGateways',
    `PUT /routeTables/${unknownYet.routes}`,
    'POST /subnets',
    'POST /instances',
  ]
  const bodies = [...networkBodies(ask.request.tags.owner), machineBody(ask)]
  return bodies.map((body, at) => ({
    what: calls[at]?.replace(' ', ` ${address}`) ?? address,
    body,
  }))
}

/** A planned body, with what is known by now. */
export const filled = (body: Json, known: Known): Json => {
  const values = new Map(
    Object.entries(unknownYet).map(([key, text]): [string, string | undefined] => [
      text,
      known[key as keyof Known],
    ]),
  )
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return values.get(value) ?? value
    if (Array.isArray(value)) return value.map((one: Json) => fill(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)]))
  }
  return fill(body)
}
