/** What is made in a cluster, and how it is told from what others made. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { attempts, machine, offerOf, owner, planIn, requestOf } from '../../machines/requests.ts'
import { fieldsOf, listOf } from './cluster/objects.ts'
import { inNamespace } from './fake-cluster.ts'
import { type InCluster, offer, openInCluster, planFor } from './in-cluster.ts'
import { recorded } from './recorded.ts'

describe('what is made in a cluster', () => {
  let bench: InCluster

  beforeEach(async () => {
    bench = await openInCluster()
  })
  afterEach(() => bench.close())

  it('hands the registry its credentials, as its API server keeps them', async () => {
    const registryAuth = { username: 'me', password: 'canary:p@ss"word' }
    const image = 'registry.example:5000/team/app:1'
    const { ref } = await provisioner.create(
      bench.io(),
      planFor(attempts[0], { registryAuth, image }),
    )
    const kept = bench.cluster.model.shelf.get(inNamespace('secrets'), `${ref.id}-pull`)
    expect(kept?.['type']).toBe('kubernetes.io/dockerconfigjson')
    const text = Buffer.from(String(fieldsOf(kept?.['data'])['.dockerconfigjson']), 'base64')
    const { auths } = JSON.parse(text.toString()) as { auths: Record<string, { auth: string }> }
    expect(Object.keys(auths)).toEqual(['registry.example:5000'])
    const auth = auths['registry.example:5000']?.auth ?? ''
    expect(Buffer.from(auth, 'base64').toString()).toBe('me:canary:p@ss"word')
    expect(bench.cluster.pod(ref.id)?.spec?.['imagePullSecrets']).toEqual([
      { name: `${ref.id}-pull` },
    ])
    const recordedSecret = fieldsOf(recorded('create pull secret').response.body)
    expect(kept?.['type']).toBe(recordedSecret['type'])
    expect(Object.keys(fieldsOf(kept?.['data']))).toEqual(
      Object.keys(fieldsOf(recordedSecret['data'])),
    )
  })

  it.each([
    ['app', 'https://index.docker.io/v1/'],
    ['team/app:1', 'https://index.docker.io/v1/'],
    ['localhost/app', 'localhost'],
    ['localhost:5000/app', 'localhost:5000'],
    ['ghcr.io/team/app@sha256:0', 'ghcr.io'],
  ])('knows the registry of %s as %s', (image, registry) => {
    const registryAuth = { username: 'me', password: 'secret' }
    const { calls } = planFor(attempts[0], { registryAuth, image })
    const texts = calls.map(
      ({ body }) => fieldsOf(fieldsOf(body)['stringData'])['.dockerconfigjson'],
    )
    const text = texts.find((one) => typeof one === 'string')
    expect(Object.keys((JSON.parse(String(text)) as { auths: object }).auths)).toEqual([registry])
  })

  it('tells what is its own by label, with its expiry, and leads its service to its pod', async () => {
    const ref = await bench.start()
    await bench.start(attempts[1])
    bench.cluster.model.put(inNamespace('pods'), {
      metadata: { name: 'of-another', labels: { 'dso-owner': 'zzzz9999' } },
    })
    const listed = bench.cluster.calls.length
    expect(await bench.namesListed()).toHaveLength(6)
    const selectors = bench.cluster.calls
      .slice(listed)
      .map(({ query }) => query.get('labelSelector'))
    expect(new Set(selectors)).toEqual(new Set([`dso-owner=${owner}`]))
    const pod = bench.cluster.pod(ref.id)
    const { labels, annotations } = pod?.metadata ?? {}
    expect(annotations?.['dso-expires']).toBe('2026-11-25T10:00:00Z')
    const service = bench.cluster.model.shelf.get(inNamespace('services'), ref.id)
    // Of this attempt alone: no other pod of the run is led to.
    expect(service?.spec?.['selector']).toEqual(labels)
    for (const kind of ['service', 'secret'] as const) {
      const side = { kind, id: ref.id, region: null, isShared: false }
      expect(await provisioner.destroySideObject(bench.io(), side)).toBe('going')
    }
    expect(await provisioner.destroy(bench.io(), ref)).toBe('going')
    bench.cluster.endPod(ref.id)
    expect(await bench.namesListed()).toHaveLength(3)
    expect(bench.cluster.pod('of-another')).not.toBeNull()
  })

  it('lets all that it has made live on, and what is gone meanwhile be gone', async () => {
    const registryAuth = { username: 'me', password: 'secret' }
    const plan = planFor(attempts[0], { registryAuth })
    const { ref } = await provisioner.create(bench.io(), plan)
    await bench.start(attempts[1])
    const { tags } = plan.request
    let hasGone = false
    bench.cluster.intercept = ({ method, path }) => {
      if (method !== 'PATCH' || !path.includes('/services/')) return null
      const service = bench.cluster.model.shelf.get(inNamespace('services'), ref.id)
      if (service !== null) bench.cluster.model.shelf.remove(inNamespace('services'), service)
      hasGone = true
      return null
    }
    await provisioner.renew?.(bench.io(), ref, { ...tags, expiresAt: '2026-12-01T00:00:00Z' })
    expect(hasGone).toBe(true)
    const expiries: Record<string, string> = {}
    for await (const one of provisioner.list(bench.io(), owner)) {
      const found = 'instance' in one ? one.instance.tags : one.tags
      const id = 'instance' in one ? 'pod' : `${one.sideObject.kind} ${one.sideObject.id}`
      if (found?.attempt === attempts[0]) expiries[id] = found.expiresAt
    }
    expect(expiries).toEqual({
      pod: '2026-12-01T00:00:00Z',
      [`secret ${ref.id}`]: '2026-12-01T00:00:00Z',
      [`secret ${ref.id}-pull`]: '2026-12-01T00:00:00Z',
    })
    const others = bench.cluster.model.shelf.all(inNamespace('pods'))
    expect(new Set(others.map(({ metadata }) => metadata.annotations?.['dso-expires']))).toEqual(
      new Set(['2026-11-25T10:00:00Z', '2026-12-01T00:00:00Z']),
    )
  })

  it('keeps to nodes that are spot, or to those that are not, as each cloud labels them', () => {
    const termsOf = (spot: boolean) => {
      const { calls } = planIn(provisioner.plan(requestOf(attempts[0]), { ...offer, spot }))
      const affinity = fieldsOf(fieldsOf(fieldsOf(calls.at(-1)?.body)['spec'])['affinity'])
      const required = 'requiredDuringSchedulingIgnoredDuringExecution'
      return listOf(
        fieldsOf(fieldsOf(affinity['nodeAffinity'])[required])['nodeSelectorTerms'],
      ).map(({ matchExpressions }) => listOf(matchExpressions))
    }
    const labels: readonly Readonly<Record<string, string>>[] = [
      { 'cloud.google.com/gke-spot': 'true' },
      { 'eks.amazonaws.com/capacityType': 'SPOT' },
      { 'eks.amazonaws.com/capacityType': 'ON_DEMAND' },
      { 'karpenter.sh/capacity-type': 'spot' },
      { 'kubernetes.azure.com/scalesetpriority': 'spot' },
      {},
    ]
    /** As a scheduler reads it. */
    const admitted = (spot: boolean) =>
      labels.map((node) =>
        termsOf(spot).some((term) =>
          term.every(({ key, operator, values }) => {
            const isIn = JSON.stringify(values) === JSON.stringify([node[String(key)]])
            return operator === 'In' ? isIn : !isIn
          }),
        ),
      )
    expect(admitted(true)).toEqual([true, true, false, true, true, false])
    expect(admitted(false)).toEqual([false, false, true, false, false, true])
  })

  it.each([
    ['a2-ultragpu-2g:1gpu@us-central1-spot', 'a2-ultragpu-2g'],
    ['e2-standard-8@?', 'e2-standard-8'],
  ])('asks of %s for nodes of the type %s', (name, type) => {
    const instanceType = { ...machine, name }
    const { calls } = planIn(
      provisioner.plan(requestOf(attempts[0]), offerOf('kubernetes', instanceType)),
    )
    expect(fieldsOf(calls.at(-1)?.body)['spec']).toMatchObject({
      nodeSelector: { 'node.kubernetes.io/instance-type': type },
    })
  })
})
