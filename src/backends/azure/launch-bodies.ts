/** What is sent to make a machine, and what closes it off. */
import type { Json } from '#domain/json'
import type { OwnerTags } from '#domain/launch'
import { mibPerGb } from '#domain/memory'
import type { LaunchRequest, PlannedCall, Planned } from '#backends/kit/provisioner'
import { refusedPlan, type VmAsk } from '#backends/kit/vm-plan'
import { type Image, imageOf } from './images.ts'
import { groupAt, groupName, machineAt, networkAt, type Place, rulesAt } from './places.ts'

const address = 'https://management.azure.com/subscriptions/<subscription>'
const defaultDiskGib = 100

/** Known only after a call before: see `filled`. */
export const rulesId = '<id of the rules>'
export const subnetId = '<id of the subnet>'

export const machineTags = (tags: OwnerTags): Readonly<Record<string, string>> => ({
  'dso-owner': tags.owner,
  'dso-run': tags.run,
  'dso-attempt': tags.attempt,
  'dso-expires': tags.expiresAt,
})

const rule = (name: string, priority: number, access: string, port: string): Json => ({
  name,
  properties: {
    direction: 'Inbound',
    priority,
    access,
    protocol: port === '*' ? '*' : 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: port,
  },
})

/** In by SSH alone: without the last rule, machines of one network would reach each other. */
const securityRules = [rule('ssh', 1000, 'Allow', '22'), rule('nothing-else', 4096, 'Deny', '*')]

const range = '10.0.0.0/16'

const subnet: Json = {
  name: 'machines',
  properties: { addressPrefix: range, networkSecurityGroup: { id: rulesId } },
}

/** Interface and address are made with the machine, and go with it. */
const networkProfile = (name: string): Json => ({
  networkApiVersion: '2020-11-01',
  networkInterfaceConfigurations: [
    {
      name,
      properties: {
        primary: true,
        deleteOption: 'Delete',
        ipConfigurations: [
          {
            name: 'main',
            properties: {
              primary: true,
              subnet: { id: subnetId },
              publicIPAddressConfiguration: {
                name,
                sku: { name: 'Standard', tier: 'Regional' },
                properties: { deleteOption: 'Delete', publicIPAllocationMethod: 'Static' },
              },
            },
          },
        ],
      },
    },
  ],
})

const storageProfile = ({ name, diskMib }: LaunchRequest, image: Image): Json => {
  const diskGib = diskMib === null ? defaultDiskGib : Math.ceil(diskMib / mibPerGb)
  return {
    imageReference: { ...image.reference, version: 'latest' },
    osDisk: {
      name,
      createOption: 'FromImage',
      deleteOption: 'Delete',
      diskSizeGB: Math.max(diskGib, image.leastDiskGib),
      managedDisk: { storageAccountType: 'StandardSSD_LRS' },
    },
  }
}

/** Dollars an hour, to the five digits that Azure takes; rounded down, so that a limit holds. */
const spotLimit = (nanoUsd: number | null): number =>
  nanoUsd === null ? -1 : Math.floor(nanoUsd / 10_000) / 100_000

/** -1 is no limit but the on-demand price. One that would cost more is evicted, which deletes it. */
const spotProperties = ({ maxPriceNanoUsd }: LaunchRequest): Readonly<Record<string, Json>> => ({
  priority: 'Spot',
  evictionPolicy: 'Delete',
  billingProfile: { maxPrice: spotLimit(maxPriceNanoUsd) },
})

const machineBody = ({ request, access, region, offer }: VmAsk, image: Image): Json => ({
  location: region,
  tags: machineTags(request.tags),
  properties: {
    hardwareProfile: { vmSize: offer.instanceType.name },
    storageProfile: storageProfile(request, image),
    osProfile: {
      computerName: request.name,
      adminUsername: access.user,
      customData: Buffer.from(access.userData).toString('base64'),
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: {
          publicKeys: [
            { path: `/home/${access.user}/.ssh/authorized_keys`, keyData: access.publicKey },
          ],
        },
      },
    },
    networkProfile: networkProfile(request.name),
    ...(offer.spot ? spotProperties(request) : {}),
  },
})

const put = ({ path, version }: Place, body: Json): PlannedCall => ({
  what: `PUT ${address}${path}?api-version=${version}`,
  body,
})

/** The owner's group; rules and network of the region; the machine. */
export const launchCalls = (ask: VmAsk): readonly PlannedCall[] | Planned => {
  const { request, region, offer } = ask
  const { owner } = request.tags
  const image = imageOf(offer)
  if (image === null) {
    const { gpu, name } = offer.instanceType
    const message = `no image known here has a driver for the ${gpu?.name ?? 'accelerator'} of ${name}`
    return refusedPlan(message, { class: 'forbidden', scope: 'type-region' })
  }
  const side = { location: region, tags: { 'dso-owner': owner } }
  const properties = { addressSpace: { addressPrefixes: [range] }, subnets: [subnet] }
  return [
    put(groupAt(groupName(owner)), side),
    put(rulesAt(owner, region), { ...side, properties: { securityRules } }),
    put(networkAt(owner, region), { ...side, properties }),
    put(machineAt(owner, request.name), machineBody(ask, image)),
  ]
}

/** A planned body, with what the calls before it have told. */
export const filled = (body: Json, known: Readonly<Record<string, string>>): Json => {
  if (typeof body === 'string') return known[body] ?? body
  if (Array.isArray(body)) return body.map((one: Json) => filled(one, known))
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(Object.entries(body).map(([key, one]) => [key, filled(one, known)]))
}
