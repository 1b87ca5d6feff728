/** A node and who works on it: pods are placed there, run, and go when they are told to. */
import { fieldsOf, listOf } from './cluster/objects.ts'
import { type FakeCluster, inNamespace } from './fake-cluster.ts'
import { recorded } from './recorded.ts'

const nodes = { resource: 'nodes', namespace: null }

/** As recorded, but ready: no controller was there to take the taint off. */
export const addNode = (cluster: FakeCluster, name: 'cpu-1' | 'gpu-1', price?: string): void => {
  const { items } = fieldsOf(recorded('list nodes').response.body)
  const node = listOf(items).find((one) => fieldsOf(one['metadata'])['name'] === name)
  if (node === undefined) throw new Error(`no node "${name}" is recorded`)
  const annotations = price === undefined ? {} : { 'dstack-offers/price-per-hour': price }
  const metadata = { ...fieldsOf(node['metadata']), annotations }
  const made = cluster.model.put(nodes, { ...node, metadata })
  cluster.model.shelf.change(nodes, { ...made, spec: {} })
}

const running = {
  phase: 'Running',
  conditions: [{ type: 'PodScheduled', status: 'True' }],
  containerStatuses: [{ name: 'main', state: { running: { startedAt: '2026-11-24T10:00:01Z' } } }],
}

const workOnce = (cluster: FakeCluster): void => {
  for (const { metadata, spec } of cluster.model.shelf.all(inNamespace('pods'))) {
    if (metadata.deletionTimestamp !== undefined) cluster.endPod(metadata.name)
    else if (spec?.['nodeName'] === undefined) {
      cluster.setPod(metadata.name, { status: running, nodeName: 'cpu-1' })
    }
  }
}

/** Returns how to stop it. */
export const startKubelet = (cluster: FakeCluster): (() => void) => {
  const timer = setInterval(() => workOnce(cluster), 20)
  return () => clearInterval(timer)
}
