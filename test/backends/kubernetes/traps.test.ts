/** What a cluster does that other clouds do not, and what it must not be taken for. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { attempts } from '../../machines/requests.ts'
import { fieldsOf } from './cluster/objects.ts'
import { inNamespace } from './fake-cluster.ts'
import { type InCluster, openInCluster, planFor, verdictOf } from './in-cluster.ts'
import { recorded } from './recorded.ts'

describe('what a cluster does', () => {
  let bench: InCluster

  beforeEach(async () => {
    bench = await openInCluster()
  })
  afterEach(() => bench.close())

  it('makes one pod where the answer was lost and a quota is full with it', async () => {
    const quota = fieldsOf(recorded('create resource quota').request.body)
    const made = bench.cluster.model.put(inNamespace('resourcequotas'), quota)
    const hard = { pods: '1' }
    bench.cluster.model.shelf.change(inNamespace('resourcequotas'), {
      ...made,
      status: { hard, used: { pods: '0' } },
    })
    let isLost = false
    bench.cluster.intercept = ({ method, path }) => {
      if (isLost || method !== 'POST' || !path.endsWith('/pods')) return null
      isLost = true
      return 'lose'
    }
    expect(await verdictOf(provisioner.create(bench.io(), planFor()))).toMatchObject({
      class: 'ambiguous',
    })
    const { ref } = await provisioner.create(bench.io(), planFor())
    expect(bench.cluster.pods().map(({ metadata: { name } }) => name)).toEqual([ref.id])
    expect(await verdictOf(provisioner.create(bench.io(), planFor(attempts[1])))).toMatchObject({
      class: 'quota',
      scope: 'backend',
      code: 'Forbidden',
    })
    expect(bench.cluster.pods()).toHaveLength(1)
  })

  it('lists everything where the list expires between two pages', async () => {
    const ref = await bench.start()
    const whole = await bench.namesListed()
    expect(whole).toEqual([ref.id, `service ${ref.id}`, `secret ${ref.id}`])
    let expired = 0
    bench.cluster.intercept = (request) => {
      const { method, query } = request
      if (method !== 'GET' || query.get('limit') !== '500' || query.has('continue')) {
        if (query.has('continue')) expired += 1
        return null
      }
      // The first page is made short, and its version is forgotten at once.
      query.set('limit', '1')
      const reply = bench.cluster.model.handle(request)
      bench.cluster.model.compact()
      return reply
    }
    await bench.start(attempts[1])
    expect(await bench.namesListed()).toHaveLength(6)
    expect(expired).toBe(3)
  })

  it.each([
    [
      'priority and fairness, in plain text',
      {
        status: 429,
        headers: { 'retry-after': '7' },
        text: 'Too many requests, please try again later.\n',
      },
      { class: 'rate-limited', scope: 'call', retryAfterMs: 7000 },
    ],
    [
      'an API server that is starting, in a status',
      {
        status: 429,
        headers: { 'retry-after': '2' },
        json: {
          kind: 'Status',
          reason: 'TooManyRequests',
          message: 'storage is (re)initializing',
          code: 429,
        },
      },
      { class: 'rate-limited', scope: 'call', code: 'TooManyRequests', retryAfterMs: 2000 },
    ],
    [
      'a list that has expired',
      { status: 410, json: { kind: 'Status', reason: 'Expired', message: 'too old', code: 410 } },
      { class: 'transient', scope: 'call', code: 'Expired' },
    ],
    [
      'an overloaded etcd',
      {
        status: 500,
        json: {
          kind: 'Status',
          reason: 'InternalError',
          message: 'etcdserver: request timed out',
          code: 500,
        },
      },
      { class: 'transient', scope: 'call' },
    ],
    [
      'an admission webhook',
      {
        status: 403,
        json: {
          kind: 'Status',
          reason: 'Forbidden',
          message: 'admission webhook "a.b" denied the request: no',
          code: 403,
        },
      },
      { class: 'invalid', scope: 'attempt' },
    ],
    [
      'pod security',
      {
        status: 403,
        json: {
          kind: 'Status',
          reason: 'Forbidden',
          message:
            'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
          code: 403,
        },
      },
      { class: 'invalid', scope: 'attempt' },
    ],
  ] as const)('understands %s', async (_, reply, verdict) => {
    bench.cluster.intercept = ({ method }) => (method === 'POST' ? reply : null)
    expect(await verdictOf(provisioner.create(bench.io(), planFor()))).toMatchObject(verdict)
    expect(bench.cluster.pods()).toEqual([])
  })

  it('removes no other pod that took the name meanwhile', async () => {
    const ref = await bench.start()
    bench.cluster.intercept = ({ method }) => {
      if (method !== 'DELETE') return null
      const pod = bench.cluster.pod(ref.id)
      if (pod === null) return null
      bench.cluster.model.shelf.remove(inNamespace('pods'), pod)
      bench.cluster.model.put(inNamespace('pods'), { metadata: { name: ref.id } })
      bench.cluster.intercept = null
      return null
    }
    expect(await verdictOf(provisioner.destroy(bench.io(), ref), 'destroy')).toMatchObject({
      class: 'transient',
      code: 'Conflict',
    })
    expect(bench.cluster.pod(ref.id)).not.toBeNull()
  })

  it('takes an eviction through the API for an interruption', async () => {
    const ref = await bench.start()
    const { request } = recorded('evict pod')
    const path = request.path.replace('r1-0-0', ref.id)
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }
    bench.cluster.setPod(ref.id, { status: { phase: 'Running', conditions: [condition] } })
    const answer = await fetch(`${bench.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer valid', 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: ref.id },
      }),
    })
    expect(answer.status).toBe(201)
    expect((await provisioner.observe(bench.io(), ref)).phase).toBe('stopping')
    const status = { phase: 'Failed', conditions: [condition] }
    bench.cluster.setPod(ref.id, { status })
    expect(await provisioner.observe(bench.io(), ref)).toMatchObject({
      phase: 'interrupted',
      cause: { class: 'interrupted', code: 'EvictionByEvictionAPI' },
    })
  })

  it.each([
    ['evicted', [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }]],
    ['deleted by somebody', []],
  ])(
    'takes a command that ends well because its pod is %s for interrupted',
    async (_, conditions) => {
      const ref = await bench.start()
      await provisioner.destroy(bench.io(), ref)
      const { phase, workload } = await provisioner.observe(bench.io(), ref)
      expect([phase, workload?.phase]).toEqual(['stopping', 'running'])
      const terminated = { exitCode: 0, reason: 'Completed' }
      const containerStatuses = [{ name: 'main', state: { terminated } }]
      bench.cluster.setPod(ref.id, {
        status: { phase: 'Succeeded', conditions, containerStatuses },
      })
      expect(await provisioner.observe(bench.io(), ref)).toMatchObject({
        phase: 'interrupted',
        cause: { class: 'interrupted' },
        workload: null,
      })
    },
  )

  it('takes a command that ends by itself for what it says', async () => {
    const ref = await bench.start()
    const terminated = { exitCode: 0, reason: 'Completed' }
    const containerStatuses = [{ name: 'main', state: { terminated } }]
    bench.cluster.setPod(ref.id, { status: { phase: 'Succeeded', containerStatuses } })
    expect(await provisioner.observe(bench.io(), ref)).toMatchObject({
      phase: 'running',
      workload: { phase: 'exited', exitCode: 0, reason: null },
    })
  })

  it('needs no leave to read events', async () => {
    const { ref } = await provisioner.create(bench.io(), planFor())
    const { body } = recorded('pod unschedulable (as the scheduler writes it)').request
    const status = { phase: 'Pending', ...fieldsOf(fieldsOf(body)['status']) }
    bench.cluster.setPod(ref.id, { status })
    bench.cluster.intercept = ({ path }) =>
      path.endsWith('/events')
        ? { status: 403, json: { kind: 'Status', reason: 'Forbidden', message: 'no', code: 403 } }
        : null
    expect(await provisioner.observe(bench.io(), ref)).toMatchObject({
      phase: 'failed',
      cause: { class: 'no-capacity' },
    })
  })
})
