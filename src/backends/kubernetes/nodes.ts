/** What the nodes of a cluster have left, as offers at the user's price. Pure. */
import type { Gpu } from '#domain/gpu'
import { type InstanceType, type Offer, offerId } from '#domain/offer'
import { parseUsd } from '#domain/price'
import { gpuOf } from '#backends/kit/accelerators'
import { parseQuantity } from './quantity.ts'
import type { Node, Pod } from './schema.ts'
import { spotLabels } from './spot-labels.ts'

const mib = 2 ** 20

/** USD an hour for the whole node; 0 where the user has said nothing. */
const priceAnnotation = 'dstack-offers/price-per-hour'

const gpuKeys = ['nvidia.com/gpu', 'amd.com/gpu'] as const

const amount = (of: Readonly<Record<string, string>> | null | undefined, key: string): number =>
  parseQuantity(of?.[key] ?? '') ?? 0

/**
 * What a pod keeps for itself: its containers together, or one that runs before them. Sidecars start
 * before and stay, so that they count beside whatever comes after them.
 */
const requestOf = ({ spec }: Pod, key: string): number => {
  let [sidecars, before] = [0, 0]
  for (const { resources, restartPolicy } of spec?.initContainers ?? []) {
    const own = amount(resources?.requests, key)
    if (restartPolicy === 'Always') sidecars += own
    else before = Math.max(before, sidecars + own)
  }
  const together = (spec?.containers ?? []).reduce(
    (sum, { resources }) => sum + amount(resources?.requests, key),
    sidecars,
  )
  return Math.max(together, before) + amount(spec?.overhead, key)
}

const isOver = ({ status }: Pod): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** Taints for accelerators are tolerated by what asks for one. */
const isClosed = ({ spec, status }: Node): boolean =>
  spec?.unschedulable === true ||
  status.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True' ||
  (spec?.taints ?? []).some(
    ({ key, effect }) =>
      (effect === 'NoSchedule' || effect === 'NoExecute') && !gpuKeys.some((one) => one === key),
  )

const gpuOfNode = ({ metadata: { labels } }: Node): Gpu | null => {
  const product = labels?.['nvidia.com/gpu.product'] ?? labels?.['amd.com/gpu.product-name']
  // A part of a card, and a card that several share, is no card.
  if (product === undefined || /-MIG-|-SHARED$/.test(product)) return null
  const memory = Number(labels?.['nvidia.com/gpu.memory'])
  return gpuOf(product.replaceAll('-', ' '), memory > 0 ? memory : undefined)
}

const isSpot = ({ metadata: { labels } }: Node): boolean =>
  spotLabels.some(({ key, value }) => labels?.[key] === value)

const architectures: Readonly<Record<string, InstanceType['architecture']>> = {
  amd64: 'x86_64',
  arm64: 'arm64',
}

/** Why a node gives no offer even when nothing runs on it. */
export const whyNoOffer = (node: Node): string => {
  if (isClosed(node)) return 'not ready, or closed to pods'
  const hasGpus = gpuKeys.some((key) => amount(node.status.allocatable, key) > 0)
  return hasGpus && gpuOfNode(node) === null
    ? 'no known model of accelerator'
    : 'no vCPU, no memory or no disk'
}

/** Null for what is no price. */
const priceOfNode = ({ metadata: { annotations } }: Node): number | null => {
  const price = parseUsd(annotations?.[priceAnnotation] ?? '0')
  return price === null || price < 0 ? null : price
}

/** Whole accelerators are taken one by one: an offer for each number, and one for none. */
const countsOf = (free: number): readonly number[] =>
  Array.from({ length: free }, (_, at) => at + 1)

const share = (priceNanoUsd: number, count: number, all: number): number =>
  all === 0 ? priceNanoUsd : Math.ceil((priceNanoUsd * count) / all)

/** What takes a part of a node, by the name of the node. */
const podsByNode = (pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> => {
  const byNode = new Map<string, Pod[]>()
  for (const pod of pods) {
    const name = pod.spec?.nodeName ?? null
    if (name === null || isOver(pod)) continue
    const known = byNode.get(name)
    if (known) known.push(pod)
    else byNode.set(name, [pod])
  }
  return byNode
}

const isRoom = ({ instanceType: { cpus, memoryMib, diskMib } }: Offer): boolean =>
  cpus > 0 && memoryMib > 0 && (diskMib === null || diskMib > 0)

const offersOfNode = (node: Node, mine: readonly Pod[], observedAt: string): readonly Offer[] => {
  const { allocatable } = node.status
  const { name, labels } = node.metadata
  const left = (key: string): number =>
    amount(allocatable, key) - mine.reduce((sum, pod) => sum + requestOf(pod, key), 0)
  const gpuKey = gpuKeys.find((key) => amount(allocatable, key) > 0) ?? null
  const gpu = gpuKey === null ? null : gpuOfNode(node)
  const price = priceOfNode(node)
  const counts = gpuKey === null ? [0] : gpu === null ? [] : countsOf(Math.max(0, left(gpuKey)))
  const type = labels?.['node.kubernetes.io/instance-type'] ?? `node:${name}`
  const region = labels?.['topology.kubernetes.io/region'] ?? null
  const spot = isSpot(node)
  return counts.map((count) => {
    const typeName = count === 0 ? type : `${type}:${count}gpu`
    return {
      id: offerId('kubernetes', region, typeName, spot),
      backend: 'kubernetes',
      region,
      spot,
      stock: 'unknown',
      priceNanoUsd:
        price === null
          ? null
          : share(price, count, gpuKey === null ? 0 : amount(allocatable, gpuKey)),
      observation: { source: 'the nodes of the cluster', observedAt },
      instanceType: {
        name: typeName,
        cpus: Math.floor(left('cpu') * 1000) / 1000,
        memoryMib: Math.floor(left('memory') / mib),
        gpu: count === 0 ? null : gpu,
        gpuCount: count,
        diskMib:
          allocatable['ephemeral-storage'] === undefined
            ? null
            : Math.floor(left('ephemeral-storage') / mib),
        architecture: architectures[labels?.['kubernetes.io/arch'] ?? ''] ?? null,
      },
    }
  })
}

/** Of nodes that are alike, the one with the most memory left stands for all. */
export const offersOfNodes = (
  nodes: readonly Node[],
  pods: readonly Pod[],
  observedAt: string,
): readonly Offer[] => {
  const byNode = podsByNode(pods)
  const best = new Map<string, Offer>()
  for (const node of nodes.filter((one) => !isClosed(one))) {
    for (const offer of offersOfNode(node, byNode.get(node.metadata.name) ?? [], observedAt)) {
      const other = best.get(offer.id)
      const isRoomier = (other?.instanceType.memoryMib ?? -1) < offer.instanceType.memoryMib
      if (isRoom(offer) && isRoomier) best.set(offer.id, offer)
    }
  }
  return [...best.values()]
}
