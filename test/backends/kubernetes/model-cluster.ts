/** The cluster in memory as the contract of provisioners wants a cloud: on a virtual clock, with faults. */
import { printInstant } from '#platform/http-time'
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import type { TestClock } from '../../contract/test-clock.ts'
import { ClusterModel } from './cluster/cluster-model.ts'
import { fieldsOf, type Kept } from './cluster/objects.ts'
import { recorded } from './recorded.ts'

const inNamespace = (resource: string) => ({ resource, namespace: 'dstack' })
const pods = inNamespace('pods')

const statusIn = (name: string) => fieldsOf(fieldsOf(recorded(name).request.body)['status'])

export const newModelCluster = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const cluster = new ClusterModel(() => printInstant(clock.nowMs()))
  const { shelf } = cluster
  cluster.put({ resource: 'namespaces', namespace: null }, { metadata: { name: 'dstack' } })
  /** When each pod was made, and when it was told to go. */
  const made = new Map<string, number>()
  const going = new Map<string, number>()
  let failsNext = false

  const place = (pod: Kept): void => {
    const { uid } = pod.metadata
    const sinceMs = made.get(uid) ?? clock.nowMs()
    made.set(uid, sinceMs)
    if (fieldsOf(pod.status)['conditions'] !== undefined) return
    if (failsNext) {
      failsNext = false
      const status = statusIn('pod unschedulable (as the scheduler writes it)')
      shelf.change(pods, { ...pod, status: { phase: 'Pending', ...status } })
      return
    }
    if (clock.nowMs() - sinceMs < knobs.bootMs) return
    const bound = { ...pod, spec: { ...pod.spec, nodeName: 'gpu-1' } }
    shelf.change(pods, { ...bound, status: statusIn('pod running (as kubelet writes it)') })
  }

  /** What a scheduler and a kubelet have done by now. */
  const work = (): void => {
    for (const pod of shelf.all(pods)) {
      const { uid, deletionTimestamp } = pod.metadata
      if (deletionTimestamp === undefined) {
        if (pod.spec?.['nodeName'] === undefined) place(pod)
        continue
      }
      const sinceMs = going.get(uid) ?? clock.nowMs()
      going.set(uid, sinceMs)
      if (clock.nowMs() - sinceMs >= knobs.destroyMs) shelf.remove(pods, pod)
    }
  }

  const inPages = (request: FakeRequest): FakeRequest => {
    const limit = request.query.get('limit')
    if (limit === null) return request
    const query = new URLSearchParams(request.query)
    query.set('limit', String(Math.min(Number(limit), knobs.pageSize)))
    return { ...request, query }
  }

  return {
    knobs,
    handle: (request): FakeReply => {
      work()
      const reply = cluster.handle(inPages(request))
      work()
      return reply
    },
    machines: () => {
      work()
      // What was told to go goes by itself.
      const staying = shelf.all(pods).filter(({ metadata }) => !metadata.deletionTimestamp)
      return staying.map(({ metadata: { name } }) => ({ id: name, name }))
    },
    sideObjects: () =>
      ['services', 'secrets'].flatMap((resource) =>
        shelf.all(inNamespace(resource)).map(({ metadata }) => `${resource}/${metadata.name}`),
      ),
    addForeign: (name) => {
      cluster.put(pods, { metadata: { name, labels: { app: name } }, spec: { containers: [] } })
      return name
    },
    reclaim: (name) => {
      work()
      const pod = shelf.get(pods, name)
      if (pod === null) return
      const evicted = statusIn('pod failed by eviction (as kubelet writes it)')
      shelf.change(pods, { ...pod, status: { ...pod.status, ...evicted } })
    },
    failNextLater: () => {
      failsNext = true
    },
    namesGiven: () =>
      shelf.changes
        .filter(({ resource, type }) => resource === 'pods' && type === 'ADDED')
        .map(({ object }) => object.metadata.name),
  }
}
