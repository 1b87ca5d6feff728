/** What the pods of a node leave of it. */
import { expect, test } from 'vitest'
import { offersOfNodes } from '#backends/kubernetes/nodes'
import { countedNodes, countedPods, readPage } from '#backends/kubernetes/schema'

const answer = (item: unknown) => ({
  status: 200,
  headers: {},
  text: JSON.stringify({ metadata: {}, items: [item] }),
})

/** A node that is ready; the rest as given. */
const nodeOf = (
  allocatable: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, unknown>> = {},
) => {
  const item = {
    metadata: { name: 'n1', uid: 'u1', ...metadata },
    status: { allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
  }
  return readPage(countedNodes, answer(item)).items.flatMap(({ rows }) => rows)
}

const nodes = nodeOf({ cpu: '8', memory: '16Gi' })

const asks = (cpu: string, restartPolicy?: string) => ({
  resources: { requests: { cpu } },
  ...(restartPolicy === undefined ? {} : { restartPolicy }),
})

/** vCPUs left beside one pod. */
const leftBeside = (spec: Readonly<Record<string, unknown>>): number | undefined => {
  const pod = { metadata: { name: 'p', uid: 'u2' }, spec: { nodeName: 'n1', ...spec } }
  const pods = readPage(countedPods, answer(pod)).items.flatMap(({ rows }) => rows)
  return offersOfNodes(nodes, pods, '2026-11-24T12:00:00Z')[0]?.instanceType.cpus
}

test('containers run together, those before them one by one', () => {
  expect(leftBeside({ containers: [asks('1'), asks('500m')] })).toBe(6.5)
  expect(leftBeside({ containers: [asks('1')], initContainers: [asks('3'), asks('2')] })).toBe(5)
  expect(leftBeside({ containers: [asks('1')], overhead: { cpu: '250m' } })).toBe(6.75)
})

test('a sidecar stays beside the containers, and beside what starts after it', () => {
  const sidecar = asks('2', 'Always')
  expect(leftBeside({ containers: [asks('1')], initContainers: [sidecar] })).toBe(5)
  expect(leftBeside({ containers: [asks('1')], initContainers: [sidecar, asks('4')] })).toBe(2)
  expect(leftBeside({ containers: [asks('1')], initContainers: [asks('4'), sidecar] })).toBe(4)
})

const threeCards = (product: string) =>
  offersOfNodes(
    nodeOf(
      { cpu: '8', memory: '16Gi', 'nvidia.com/gpu': '3' },
      {
        labels: { 'nvidia.com/gpu.product': product, 'nvidia.com/gpu.memory': '81559' },
        annotations: { 'dstack-offers/price-per-hour': '1' },
      },
    ),
    [],
    '2026-11-24T12:00:00Z',
  )

test('a part of the cards costs its part of the price, and never less', () => {
  const offers = threeCards('NVIDIA-H100-80GB-HBM3')
  expect(offers.map(({ instanceType }) => instanceType.gpu?.name)).toEqual(['H100', 'H100', 'H100'])
  expect(offers.map(({ priceNanoUsd }) => priceNanoUsd)).toEqual([
    333_333_334, 666_666_667, 1_000_000_000,
  ])
})

test.each(['NVIDIA-H100-80GB-HBM3-SHARED', 'NVIDIA-H100-80GB-HBM3-MIG-1g.10gb'])(
  '%s is no card',
  (product) => {
    expect(threeCards(product)).toEqual([])
  },
)
