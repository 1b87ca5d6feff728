/**
 * The chapters of the importer contract that a cluster can be put through. It is found by its
 * kubeconfig, and asked by a way of its own, so that the common contract cannot stand in its place.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kubernetes } from '#backends/kubernetes/backend'
import { type Offer } from '#domain/offer'
import { openCatalog } from '#offers/catalog'
import { refresh } from '#refresh/refresh'
import { outcomeOf } from '#refresh/report'
import { someRequirements } from '../../builders.ts'
import {
  type Asked,
  type Reply,
  type ScriptedServer,
  startServer,
} from '../../contract/scripted-server.ts'
import { newTestClock } from '../../contract/test-clock.ts'
import { annotated, answerOf, nodesWith, podOn, token, writeKubeconfig } from './cluster-case.ts'

const asRecorded = nodesWith(() => ({}))
const priced = nodesWith((node) => annotated(node, '2.5'))

describe('kubernetes: what its importer must hold', () => {
  let home: string
  let server: ScriptedServer
  let respond: (asked: Asked) => Reply
  let clock: ReturnType<typeof newTestClock>

  beforeEach(async () => {
    clock = newTestClock()
    home = mkdtempSync(join(tmpdir(), 'kubernetes-importer-'))
    server = await startServer((asked) => respond(asked))
    writeKubeconfig(join(home, 'config'), server.url)
    holds({ nodes: priced })
  })
  afterEach(async () => {
    await server.close()
    rmSync(home, { recursive: true, force: true })
  })

  const holds = (over: { nodes?: readonly unknown[]; pods?: readonly unknown[] }): void => {
    respond = (asked) => answerOf({ nodes: asRecorded, pods: [], ...over }, asked)
  }
  const environment = () => ({ DSTACK_OFFERS_HOME: home, KUBECONFIG: join(home, 'config') })
  const run = async (
    given: Readonly<Record<string, string>> = environment(),
    signal = new AbortController().signal,
  ) => {
    const backends = [kubernetes]
    const report = await refresh({ backends, clock, environment: given, signal })
    const [own] = report.backends
    if (own === undefined) throw new Error('no report')
    return { ...own, outcome: outcomeOf(report, false) }
  }
  const held = (): readonly Offer[] => {
    const catalog = openCatalog({ environment: environment() })
    try {
      return catalog.first(someRequirements({ backends: ['kubernetes'] }), 0)
    } finally {
      catalog.close()
    }
  }
  const lines = () =>
    held()
      .map(({ id, priceNanoUsd, stock, instanceType: { cpus, memoryMib, gpuCount, diskMib } }) =>
        [id, priceNanoUsd, stock, cpus, memoryMib / 1024, gpuCount, (diskMib ?? NaN) / 1024].join(
          ' ',
        ),
      )
      .toSorted()

  test('C01 C06 the recorded nodes give exactly these offers, at the price of their user', async () => {
    expect(await run()).toMatchObject({ state: 'refreshed', offers: 3, why: [], rejects: {} })
    expect(lines()).toEqual([
      'kubernetes/?/e2-standard-8/on-demand 2500000000 high 7.91 32 0 180',
      'kubernetes/us-central1/a2-ultragpu-2g:1gpu/spot 1250000000 high 23.85 340 1 180',
      'kubernetes/us-central1/a2-ultragpu-2g:2gpu/spot 2500000000 high 23.85 340 2 180',
    ])
  })

  test('what pods request is not free, and what is taken is out of stock', async () => {
    const pods = [
      podOn('gpu-1', { cpu: '20', memory: '300Gi', 'nvidia.com/gpu': '1' }),
      podOn('cpu-1', { cpu: '8' }),
      podOn('gpu-1', { cpu: '3', 'nvidia.com/gpu': '1' }, 'Succeeded'),
    ]
    holds({ pods })
    await run()
    expect(lines()).toEqual([
      'kubernetes/?/e2-standard-8/on-demand 0 none 7.91 32 0 180',
      'kubernetes/us-central1/a2-ultragpu-2g:1gpu/spot 0 high 3.85 40 1 180',
      'kubernetes/us-central1/a2-ultragpu-2g:2gpu/spot 0 none 23.85 340 2 180',
    ])
  })

  test('a type in two places has a name in each: what is left is not the same', async () => {
    const [cpu] = nodesWith(({ metadata }, name) => ({ metadata: { ...metadata, name } }))
    const there = nodesWith(({ metadata }, name) => {
      const labels = { 'topology.kubernetes.io/region': 'attic' }
      const type = { 'node.kubernetes.io/instance-type': 'e2-standard-8' }
      return { metadata: { ...metadata, name: `${name}-b`, labels: { ...labels, ...type } } }
    })
    holds({ nodes: [cpu, there[0]], pods: [podOn('cpu-1', { cpu: '4' })] })
    expect((await run()).why).toEqual([])
    expect(lines()).toEqual([
      'kubernetes/?/e2-standard-8@?/on-demand 0 high 3.91 32 0 180',
      'kubernetes/attic/e2-standard-8@attic/on-demand 0 high 7.91 32 0 180',
    ])
  })

  test('C02 the order of nodes and pods decides nothing', async () => {
    const nodes = [
      ...priced,
      ...nodesWith((node, name) => renamed(annotated(node, '7'), `${name}-b`)),
    ]
    const pods = [podOn('gpu-1', { 'nvidia.com/gpu': '1' }), podOn('cpu-1', { memory: '1Gi' })]
    holds({ nodes, pods })
    await run()
    const before = lines()
    holds({ nodes: nodes.toReversed(), pods: pods.toReversed() })
    expect((await run()).state).toBe('unchanged')
    expect(lines()).toEqual(before)
  })

  test('C07 every page of nodes and of pods is read', async () => {
    const nodes = Array.from({ length: 5 }, (_, at) =>
      nodesWith(({ metadata }) => renamed({ metadata: { ...metadata, labels: {} } }, `n${at}`)),
    ).flatMap(([cpu]) => [cpu])
    holds({ nodes, pods: [0, 1, 2, 3, 4].map((at) => podOn(`n${at}`, { cpu: '1' })) })
    await run()
    expect(held().map(({ instanceType: { name, cpus } }) => [name, cpus])).toEqual(
      [0, 1, 2, 3, 4].map((at) => [`node:n${at}`, 6.91]),
    )
    const importer = await kubernetes.importer()
    expect(importer.seal({ pages: [], offers: 0 }).complete).toBe(false)
  })

  test('C10 a cluster without nodes is believed', async () => {
    await run()
    holds({ nodes: [] })
    expect(await run()).toMatchObject({ state: 'refreshed', why: [], changes: { removed: 3 } })
    expect(held()).toEqual([])
  })

  test.for([
    ['C11', { status: 500, body: 'oh' }, 'upstream-refused'],
    ['C11', 'reset', 'upstream-unreachable'],
    ['C13', { body: '{"kind":"Status","status":"Failure"}' }, 'upstream-invalid'],
    ['C14', { body: '<html>Down</html>' }, 'upstream-invalid'],
    ['C19', { status: 401, body: '{}' }, 'upstream-credentials'],
    ['C19', { status: 403, body: '{}' }, 'upstream-credentials'],
  ] as const)('%s after %j the catalog keeps what it has: %s', async ([, reply, code]) => {
    await run()
    const before = lines()
    for (const path of ['/api/v1/nodes', '/api/v1/pods']) {
      respond = (asked) =>
        asked.path === path ? reply : answerOf({ nodes: asRecorded, pods: [] }, asked)
      expect(await run()).toMatchObject({ state: 'failed', problem: { code } })
    }
    expect(lines()).toEqual(before)
  })

  test('C15 what is no node or no pod is counted, and costs its row alone', async () => {
    holds({ nodes: [...priced, { metadata: { name: 7 } }], pods: [{ spec: 'none' }] })
    const report = await run()
    expect(report).toMatchObject({ state: 'refreshed', offers: 3 })
    expect(Object.values(report.rejects)).toEqual([1, 1])
  })

  test('C16 an unknown accelerator, a part of a card and a closed node are counted, and no CPU machine', async () => {
    const labelled = (product: string) =>
      nodesWith(({ metadata }) => ({
        metadata: {
          ...metadata,
          labels: { ...(metadata['labels'] as object), 'nvidia.com/gpu.product': product },
        },
      })).slice(1)
    for (const product of ['ZX9000-Quantum', 'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb']) {
      holds({ nodes: labelled(product) })
      expect(await run()).toMatchObject({
        rejects: { 'no known model of accelerator': 1 },
        offers: 0,
      })
    }
    holds({ nodes: nodesWith(() => ({ spec: { unschedulable: true } })) })
    expect((await run()).rejects).toEqual({ 'not ready, or closed to pods': 2 })
  })

  test('C17 what is no price is unknown, and never 0', async () => {
    for (const price of ['-1', 'free', 'NaN', '1e999', '']) {
      holds({ nodes: nodesWith((node) => annotated(node, price)) })
      await run()
      expect(
        held().map(({ priceNanoUsd }) => priceNanoUsd),
        price,
      ).toEqual([null, null, null])
    }
    holds({ nodes: nodesWith((node) => annotated(node, '0')) })
    await run()
    expect(held().map(({ priceNanoUsd }) => priceNanoUsd)).toEqual([0, 0, 0])
  })

  test('C18 without a kubeconfig nothing is opened, and a plain refresh is no failure', async () => {
    const report = await run({ DSTACK_OFFERS_HOME: home, HOME: home })
    expect(report).toMatchObject({ state: 'skipped', outcome: 'done', why: ['missing KUBECONFIG'] })
    expect(server.connections()).toBe(0)
    writeFileSync(join(home, 'config'), 'clusters: [')
    expect((await run()).problem?.code).toBe('backend-unusable')
    rmSync(join(home, 'config'))
    expect((await run()).problem).toMatchObject({ code: 'backend-unusable' })
  })

  test('C20 the token turns up nowhere', async () => {
    mkdirSync(join(home, 'data'))
    const given = { ...environment(), DSTACK_OFFERS_HOME: join(home, 'data') }
    const texts = [JSON.stringify(await run(given))]
    texts.push(readFileSync(join(home, 'data', 'catalog.sqlite'), 'latin1'))
    for (const status of [200, 401, 500]) {
      respond = ({ headers }) => ({ status, body: JSON.stringify(headers) })
      texts.push(JSON.stringify(await run(given)))
    }
    for (const text of texts) expect(text).not.toContain(token)
  })

  test('C21 it stops within 100 ms when told to', { retry: 2 }, async () => {
    const controller = new AbortController()
    let abortedMs = 0
    respond = () => {
      setTimeout(() => {
        abortedMs = performance.now()
        controller.abort(new Error('told to stop'))
      }, 20)
      return 'hang'
    }
    expect((await run(environment(), controller.signal)).state).toBe('failed')
    expect(performance.now() - abortedMs).toBeLessThan(100)
  })

  test('C24 the same cluster twice changes nothing', async () => {
    await run()
    const file = join(home, 'catalog.sqlite')
    const before = readFileSync(file)
    expect((await run()).state).toBe('unchanged')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('C12 a limit is waited for: as long as is asked, in plain text or not', async () => {
    await run()
    const all = lines()
    for (const headers of [{ 'retry-after': '7', 'content-type': 'text/plain' }, {}]) {
      const limited = new Set<string>()
      respond = (asked) => {
        if (limited.has(asked.path)) return answerOf({ nodes: priced, pods: [] }, asked)
        limited.add(asked.path)
        return { status: 429, headers, body: 'too many requests' }
      }
      expect(await run()).toMatchObject({ state: 'unchanged', why: [] })
      expect([...limited]).toEqual(['/api/v1/nodes', '/api/v1/pods'])
      expect(lines()).toEqual(all)
    }
    expect(clock.slept.filter((ms) => ms === 7000)).toHaveLength(2)
    expect(clock.slept.filter((ms) => ms > 350 && ms <= 500)).toHaveLength(2)
  })

  test('C08 pages that go in a circle end, and the catalog keeps what it has', async () => {
    await run()
    const before = lines()
    respond = ({ path }) => ({
      body: JSON.stringify({
        metadata: { continue: 'again' },
        items: path === '/api/v1/nodes' ? priced : [],
      }),
    })
    expect(await run()).toMatchObject({
      state: 'failed',
      problem: {
        code: 'upstream-invalid',
        message: "the pages of the cluster's nodes go in a circle",
      },
    })
    expect(lines()).toEqual(before)
  })

  test.for([
    ['C05', 'what a node has left is any part of it, at any price of its user'],
    ['C09', 'an API server says by a token that there is more'],
    ['C22', 'it needs no pause between two requests'],
    ['C23', 'it gives pages, no single great file'],
  ] as const)('%s does not run: %s', ([, reason], { skip }) => {
    skip(reason)
    expect.unreachable()
  })
})

const renamed = <T extends { readonly metadata: object }>(node: T, name: string) => ({
  ...node,
  metadata: { ...node.metadata, name },
})
