/**
 * What is sent to make a machine, and what closes it off. The project is known to the credentials
 * alone, so that addresses are told from what stands in it.
 */
import type { Json } from '#domain/json'
import { mibPerGb } from '#domain/memory'
import type { Offer } from '#domain/offer'
import type { LaunchRequest, Planned, PlannedCall } from '#backends/kit/provisioner'
import { refusedPlan, type VmAsk } from '#backends/kit/vm-plan'
import { labelsOfTags } from './launch-labels.ts'

const address = 'https://compute.googleapis.com'

const defaultDiskGib = 100

interface Image {
  readonly source: string
  /** The image itself fills a part of it; a smaller disk is refused. */
  readonly leastDiskGib: number
}

const plain = (architecture: 'amd64' | 'arm64'): Image => ({
  source: `projects/ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-${architecture}`,
  leastDiskGib: 10,
})

/** Ubuntu with NVIDIA's driver, Docker and the container toolkit. */
const withDriver: Image = {
  source:
    'projects/deeplearning-platform-release/global/images/family/common-cu129-ubuntu-2204-nvidia-580',
  leastDiskGib: 50,
}

/** Null for accelerators that no image known here has a driver for. */
const imageOf = ({ instanceType: { gpu, architecture } }: Offer): Image | null => {
  if (gpu === null) return plain(architecture === 'arm64' ? 'arm64' : 'amd64')
  const isDriven = gpu.vendor === 'nvidia' && gpu.name !== 'K80' && architecture !== 'arm64'
  return isDriven ? withDriver : null
}

/** Cards that are attached to n1, as this catalog names them. */
const attached: Readonly<Record<string, string>> = {
  T4: 'nvidia-tesla-t4',
  P4: 'nvidia-tesla-p4',
  V100: 'nvidia-tesla-v100',
  P100: 'nvidia-tesla-p100',
}

/** `n1-standard-8+2xT4` as a machine and what is attached to it; null for a card not known. */
const partsOf = (
  name: string,
): { readonly machineType: string; readonly guestAccelerators: Json } | null => {
  const [machineType = '', cards] = name.split('+')
  if (cards === undefined) return { machineType, guestAccelerators: [] }
  const [, count, card = ''] = /^(\d+)x(.+)$/.exec(cards) ?? []
  const acceleratorType = attached[card]
  if (acceleratorType === undefined) return null
  const guestAccelerators = [{ acceleratorType, acceleratorCount: Number(count) }]
  return { machineType, guestAccelerators }
}

/** Families that take no other disk. */
const needsHyperdisk = /^(a3-ultragpu|a4x?|c4[ad]?|g4|h4d|m4|n4[ad]?|x4)-/

export const firewallName = (owner: string): string => `dso-${owner}`

/** Serves all machines with the owner's network tag: in by SSH alone. */
const firewallBody = (owner: string): Json => ({
  name: firewallName(owner),
  description: 'dstack-offers: in by SSH alone',
  network: 'global/networks/default',
  direction: 'INGRESS',
  allowed: [{ IPProtocol: 'tcp', ports: ['22'] }],
  sourceRanges: ['0.0.0.0/0'],
  targetTags: [firewallName(owner)],
})

/** A machine with accelerators cannot be moved; a spot machine that is taken back is deleted. */
const schedulingOf = ({ spot, instanceType: { gpu } }: Offer): Json => ({
  provisioningModel: spot ? 'SPOT' : 'STANDARD',
  ...(spot ? { instanceTerminationAction: 'DELETE', automaticRestart: false } : {}),
  ...(spot || gpu !== null ? { onHostMaintenance: 'TERMINATE' } : {}),
})

const diskOf = ({ diskMib, tags }: LaunchRequest, image: Image, machineType: string): Json => {
  const diskGib = diskMib === null ? defaultDiskGib : Math.ceil(diskMib / mibPerGb)
  return {
    boot: true,
    autoDelete: true,
    initializeParams: {
      sourceImage: image.source,
      diskSizeGb: String(Math.max(diskGib, image.leastDiskGib)),
      diskType: needsHyperdisk.test(machineType) ? 'hyperdisk-balanced' : 'pd-balanced',
      labels: labelsOfTags(tags),
    },
  }
}

/** One machine, in whichever zone of the region has one. */
const machineBody = (
  { request, access, offer }: VmAsk,
  image: Image,
  { machineType, guestAccelerators }: NonNullable<ReturnType<typeof partsOf>>,
): Json => ({
  count: '1',
  perInstanceProperties: { [request.name]: {} },
  instanceProperties: {
    machineType,
    guestAccelerators,
    labels: labelsOfTags(request.tags),
    tags: { items: [firewallName(request.tags.owner)] },
    disks: [diskOf(request, image, machineType)],
    networkInterfaces: [
      {
        network: 'global/networks/default',
        accessConfigs: [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT' }],
      },
    ],
    scheduling: schedulingOf(offer),
    metadata: { items: [{ key: 'user-data', value: access.userData }] },
  },
})

/** The firewall, the machine. */
export const launchCalls = (ask: VmAsk): readonly PlannedCall[] | Planned => {
  const { offer, region, request } = ask
  const { name, gpu } = offer.instanceType
  const image = imageOf(offer)
  const parts = partsOf(name)
  if (image === null || parts === null) {
    const message = `no image known here has a driver for the ${gpu?.name ?? 'accelerator'} of ${name}`
    return refusedPlan(message, { class: 'forbidden', scope: 'type-region' })
  }
  return [
    { what: `POST ${address}/global/firewalls`, body: firewallBody(request.tags.owner) },
    {
      what: `POST ${address}/regions/${region}/instances/bulkInsert`,
      body: machineBody(ask, image, parts),
    },
  ]
}
