import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CloudRefusal } from '#backends/kit/cloud-io'
import type { CallContext, Listed } from '#backends/kit/provisioner'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { readTextFile } from '#platform/text-files'
import {
  attempts,
  ioWith,
  offerOf,
  owner,
  machine,
  planIn,
  requestOf,
  secretValue,
} from '../../machines/requests.ts'
import { fieldsOf } from './cluster/objects.ts'
import { FakeCluster, inNamespace } from './fake-cluster.ts'
import { kubeconfigIn } from './kubeconfig.ts'
import { recorded } from './recorded.ts'

const offer = offerOf('kubernetes', { ...machine, name: 'e2-standard-8' })
const gpuOffer = offerOf('kubernetes', {
  ...machine,
  name: 'a2-ultragpu-2g:1gpu',
  gpu: { name: 'A100', vendor: 'nvidia', memoryMib: 81920, computeCapability: [8, 0] },
  gpuCount: 1,
})

describe('launching in a cluster', () => {
  let cluster: FakeCluster
  let folder: string
  let url: string
  const io = (token = 'valid') =>
    ioWith({ kubeconfig: kubeconfigIn(folder, url, token) }, { secretFile: readTextFile })

  beforeEach(async () => {
    cluster = new FakeCluster()
    url = await cluster.start()
    folder = mkdtempSync(join(tmpdir(), 'kube-'))
  })

  afterEach(async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const planFor = (attempt: string = attempts[0], over = {}, on = offer) =>
    planIn(provisioner.plan(requestOf(attempt, over), on))
  const listed = async (): Promise<readonly Listed[]> => {
    const found: Listed[] = []
    for await (const one of provisioner.list(io(), owner)) found.push(one)
    return found
  }
  const verdictOf = async (work: Promise<unknown>, during: CallContext['during'] = 'create') => {
    const error: unknown = await work.then(
      () => null,
      (one: unknown) => one,
    )
    expect(error).not.toBeNull()
    return provisioner.classify(error, { during, spot: false })
  }

  it('makes what the plan says, is observed, and leaves nothing', async () => {
    const plan = planFor(attempts[0], { registryAuth: { username: 'me', password: 'canary-pull' } })
    const hands = io()
    const { ref } = await provisioner.create(hands, plan)
    const sent = cluster.calls.filter(({ method }) => method === 'POST').map(({ body }) => body)
    expect(sent).toEqual(plan.calls.map(({ body }) => body))
    expect(hands.noted.map(({ kind }) => kind)).toEqual(['secret', 'secret', 'service'])
    expect(plan.secrets).toEqual(expect.arrayContaining([secretValue, 'canary-pull']))
    expect(JSON.stringify(cluster.pods())).not.toContain('canary')

    cluster.setPod(ref.id, { status: { phase: 'Running' }, nodeName: 'gpu-1' })
    expect(await provisioner.observe(io(), ref)).toMatchObject({
      phase: 'running',
      workload: { phase: 'running' },
      tags: plan.request.tags,
      name: plan.request.name,
    })
    await provisioner.renew?.(io(), ref, {
      ...plan.request.tags,
      expiresAt: '2026-12-01T00:00:00Z',
    })
    expect((await provisioner.observe(io(), ref)).tags?.expiresAt).toBe('2026-12-01T00:00:00Z')

    expect(await listed()).toHaveLength(4)
    expect(await provisioner.destroy(io(), ref)).toBe('going')
    expect((await provisioner.observe(io(), ref)).phase).toBe('stopping')
    cluster.endPod(ref.id)
    expect(await provisioner.destroy(io(), ref)).toBe('gone')
    expect((await provisioner.observe(io(), ref)).phase).toBe('gone')
    for (const object of hands.noted) {
      expect(await provisioner.destroySideObject(io(), object)).toBe('going')
      expect(await provisioner.destroySideObject(io(), object)).toBe('gone')
    }
    expect(cluster.left()).toEqual([])
  })

  it('makes one pod, however often it is asked and whatever is lost', async () => {
    let isLost = false
    cluster.intercept = ({ method, path }) => {
      if (isLost || method !== 'POST' || !path.endsWith('/pods')) return null
      isLost = true
      return 'lose'
    }
    const plan = planFor()
    expect(await verdictOf(provisioner.create(io(), plan))).toMatchObject({ class: 'ambiguous' })
    expect(cluster.pods()).toHaveLength(1)
    await provisioner.create(io(), plan)
    expect(cluster.pods()).toHaveLength(1)
    const other = await provisioner.create(io(), planFor(attempts[1]))
    await provisioner.destroy(io(), other.ref)
    expect(cluster.pods()).toHaveLength(1)
  })

  it('says of a cluster that is not there that nothing was sent', async () => {
    await cluster.stop()
    expect(await verdictOf(provisioner.create(io(), planFor()))).toMatchObject({
      class: 'transient',
    })
    cluster = new FakeCluster()
    await cluster.start()
  })

  it('refuses what is none of ours', async () => {
    const name = 'somebody'
    cluster.model.put(inNamespace('pods'), { metadata: { name, labels: {} } })
    const ref = { backend: 'kubernetes', id: name, region: null, zone: null }
    await expect(provisioner.destroy(io(), ref)).rejects.toThrow('none of ours')
    expect(await listed()).toEqual([])
    expect(cluster.pods()).toHaveLength(1)
  })

  it.each([
    ['bad token', 'verify', 'auth', 'backend'],
    ['anonymous', 'verify', 'auth', 'backend'],
    ['create bad pull secret', 'create', 'invalid', 'attempt'],
    ['create pod with bad name', 'create', 'invalid', 'attempt'],
    ['create pod with bad label', 'create', 'invalid', 'attempt'],
    ['create pod gpu request differs from limit', 'create', 'invalid', 'attempt'],
    ['create pod bad quantity', 'create', 'invalid', 'attempt'],
    ['create pod malformed json', 'create', 'invalid', 'attempt'],
    ['create pod in missing namespace', 'create', 'invalid', 'backend'],
    ['create pod over quota', 'create', 'quota', 'backend'],
    ['get missing pod', 'observe', 'gone', 'instance'],
    ['delete missing pod', 'destroy', 'gone', 'instance'],
    ['delete pod with wrong uid', 'destroy', 'transient', 'call'],
  ] as const)(
    'takes the recorded "%s" during %s for %s of the %s',
    (name, during, failureClass, scope) => {
      const { status, body } = recorded(name).response
      const refusal = new CloudRefusal({ status, headers: {}, text: JSON.stringify(body) })
      const verdict = provisioner.classify(refusal, { during, spot: false })
      expect(verdict).toMatchObject({ class: failureClass, scope })
    },
  )

  it('takes what is in no table for unknown', () => {
    const refusal = new CloudRefusal({ status: 418, headers: {}, text: '{"reason":"Teapot"}' })
    const verdict = provisioner.classify(refusal, { during: 'create', spot: false })
    expect(verdict.class).toBe('unknown')
  })

  const unscheduled = (since: string) => ({
    status: {
      phase: 'Pending',
      conditions: [
        {
          ...(
            recorded('pod unschedulable (as the scheduler writes it)').request.body as {
              status: { conditions: [object] }
            }
          ).status.conditions[0],
          lastTransitionTime: since,
        },
      ],
    },
  })

  it('waits a while for a node, longer while one is being added, then calls it no capacity', async () => {
    const { ref } = await provisioner.create(io(), planFor(attempts[0], {}, gpuOffer))
    const phaseOf = async () => (await provisioner.observe(io(), ref)).phase
    cluster.setPod(ref.id, unscheduled('2026-11-24T09:59:30Z'))
    expect(await phaseOf()).toBe('pending')
    cluster.setPod(ref.id, unscheduled('2026-11-24T09:58:00Z'))
    const event = cluster.model.put(inNamespace('events'), {
      metadata: { name: `${ref.id}.1` },
      involvedObject: { kind: 'Pod', name: ref.id },
      reason: 'TriggeredScaleUp',
    })
    expect(await phaseOf()).toBe('pending')
    cluster.model.shelf.remove(inNamespace('events'), event)
    const seen = await provisioner.observe(io(), ref)
    expect(seen).toMatchObject({
      phase: 'failed',
      cause: { class: 'no-capacity', code: 'Unschedulable' },
    })
    expect(seen.cause?.message).toContain('Insufficient nvidia.com/gpu')
  })

  it('tells an eviction, an image that is not there, and a command that has ended', async () => {
    const { ref } = await provisioner.create(io(), planFor())
    const after = async (change: unknown) => {
      cluster.setPod(ref.id, { status: fieldsOf(change)['status'], nodeName: 'gpu-1' })
      return provisioner.observe(io(), ref)
    }
    const evicted = recorded('pod failed by eviction (as kubelet writes it)').request.body
    expect(await after(evicted)).toMatchObject({
      phase: 'interrupted',
      cause: { class: 'interrupted', code: 'Evicted' },
    })
    const unpulled = recorded('pod image pull back-off (as kubelet writes it)').request.body
    expect(await after(unpulled)).toMatchObject({
      phase: 'failed',
      cause: { class: 'invalid', code: 'ImagePullBackOff' },
    })
    const terminated = { state: { terminated: { exitCode: 3, reason: 'Error' } } }
    expect(
      await after({ status: { phase: 'Failed', containerStatuses: [terminated] } }),
    ).toMatchObject({
      phase: 'running',
      workload: { phase: 'exited', exitCode: 3, reason: 'Error' },
    })
    expect(await after(recorded('pod running (as kubelet writes it)').request.body)).toMatchObject({
      workload: { phase: 'running' },
    })
  })

  it('offers what the recorded nodes have left, at the price of their user', async () => {
    const { items } = recorded('list nodes').response.body as { items: Record<string, object>[] }
    for (const node of items) {
      // No controller was there to take the taint off.
      const made = cluster.model.put(
        { resource: 'nodes', namespace: null },
        {
          ...node,
          metadata: {
            ...node['metadata'],
            annotations: { 'dstack-offers/price-per-hour': '2.5' },
          },
        },
      )
      cluster.model.shelf.change({ resource: 'nodes', namespace: null }, { ...made, spec: {} })
    }
    cluster.model.put(inNamespace('pods'), fieldsOf(recorded('create pod').request.body))
    cluster.setPod('r1-0-0', { status: { phase: 'Running' }, nodeName: 'gpu-1' })
    const offers = (await provisioner.inventory?.(io())) ?? []
    const told = offers.map(({ id, priceNanoUsd, instanceType }) => [
      id,
      priceNanoUsd,
      instanceType.cpus,
      instanceType.memoryMib / 1024,
      instanceType.gpu?.name ?? null,
    ])
    expect(told).toEqual([
      ['kubernetes/?/e2-standard-8/on-demand', 2_500_000_000, 7.91, 32, null],
      ['kubernetes/us-central1/a2-ultragpu-2g:1gpu/spot', 1_250_000_000, 21.85, 332, 'A100'],
    ])
  })

  it('asks for accelerators, tolerates their taint, and keeps to its nodes', () => {
    const { calls } = planFor(attempts[0], { maxDurationSeconds: 600 }, gpuOffer)
    expect(calls.at(-1)?.body).toMatchObject({
      spec: {
        activeDeadlineSeconds: 4200,
        nodeSelector: { 'node.kubernetes.io/instance-type': 'a2-ultragpu-2g' },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
        containers: [{ resources: { limits: { 'nvidia.com/gpu': '1', memory: '256Mi' } } }],
      },
    })
  })

  it('refuses project files, and says what to do', () => {
    const planned = provisioner.plan(
      requestOf(attempts[0], { projectDirectory: '/project' }),
      offer,
    )
    expect(planned).toMatchObject({ refusal: { class: 'invalid' } })
    expect('refusal' in planned && planned.refusal.message).toContain('--no-files')
  })
})
