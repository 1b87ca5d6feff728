/** The client that Kubernetes publishes, as it asks a cluster: the one in memory answers it alike. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  Log,
  PortForward,
  VersionApi,
  type V1Pod,
  Watch,
} from '@kubernetes/client-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeCluster } from './fake-cluster.ts'
import { kubeconfigIn } from './kubeconfig.ts'

const namespace = 'dstack'

const podNamed = (name: string): V1Pod => ({
  metadata: { name, labels: { team: 'a' } },
  spec: { containers: [{ name: 'main', image: 'app:1', ports: [{ containerPort: 8000 }] }] },
})

describe('the published client', () => {
  let cluster: FakeCluster
  let folder: string
  let config: KubeConfig
  let api: CoreV1Api

  beforeEach(async () => {
    cluster = new FakeCluster()
    folder = mkdtempSync(join(tmpdir(), 'sdk-'))
    config = new KubeConfig()
    config.loadFromFile(kubeconfigIn(folder, await cluster.start()))
    api = config.makeApiClient(CoreV1Api)
  })
  afterEach(async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('makes, reads, changes, lists page by page, and deletes', async () => {
    for (const name of ['a', 'b', 'c'])
      await api.createNamespacedPod({ namespace, body: podNamed(name) })
    const pod = await api.readNamespacedPod({ namespace, name: 'a' })
    expect(pod.spec?.containers[0]?.ports?.[0]?.protocol).toBe('TCP')
    expect(pod.metadata?.creationTimestamp).toEqual(new Date('2026-11-24T10:00:00Z'))
    const first = await api.listNamespacedPod({ namespace, labelSelector: 'team=a', limit: 2 })
    expect(first.items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b'])
    const { _continue } = first.metadata ?? {}
    const second = await api.listNamespacedPod({
      namespace,
      labelSelector: 'team=a',
      ...(_continue !== undefined && { _continue }),
    })
    expect(second.items.map(({ metadata }) => metadata?.name)).toEqual(['c'])
    const bound = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n1' } }
    await api.createNamespacedPodBinding({ namespace, name: 'a', body: bound })
    expect((await api.readNamespacedPod({ namespace, name: 'a' })).spec?.nodeName).toBe('n1')
    const going = await api.deleteNamespacedPod({ namespace, name: 'a' })
    expect(going.metadata?.deletionTimestamp).toBeDefined()
    await api.deleteCollectionNamespacedPod({ namespace, labelSelector: 'team=a' })
    expect(cluster.pods().map(({ metadata }) => metadata.name)).toEqual(['a'])
  })

  it('takes its refusals for what they are', async () => {
    const refusalOf = async (work: Promise<unknown>) => {
      const error: unknown = await work.catch((one: unknown) => one)
      if (!(error instanceof ApiException)) throw new Error(`no refusal: ${String(error)}`)
      // It throws the body of a 401 away.
      if (error.body === undefined) return [error.code]
      return [error.code, (JSON.parse(String(error.body)) as { reason: string }).reason]
    }
    await api.createNamespacedPod({ namespace, body: podNamed('a') })
    const again = api.createNamespacedPod({ namespace, body: podNamed('a') })
    expect(await refusalOf(again)).toEqual([409, 'AlreadyExists'])
    const bad = api.createNamespacedPod({ namespace, body: podNamed('A_b') })
    expect(await refusalOf(bad)).toEqual([422, 'Invalid'])
    const missing = api.readNamespacedPod({ namespace, name: 'none' })
    expect(await refusalOf(missing)).toEqual([404, 'NotFound'])
    const other = new KubeConfig()
    other.loadFromFile(kubeconfigIn(folder, config.getCurrentCluster()?.server ?? '', 'invalid'))
    const refused = other.makeApiClient(CoreV1Api).listNode()
    expect(await refusalOf(refused)).toEqual([401])
  })

  it('knows its version, and watches what has happened', async () => {
    const { major, minor } = await config.makeApiClient(VersionApi).getCode()
    expect(`${major}.${minor}`).toBe('1.32')
    await api.createNamespacedPod({ namespace, body: podNamed('a') })
    await api.deleteNamespacedPod({ namespace, name: 'a' })
    const types: string[] = []
    const path = `/api/v1/namespaces/${namespace}/pods`
    await new Promise<void>((resolve, reject) => {
      new Watch(config)
        .watch(
          path,
          { resourceVersion: '0' },
          (type) => types.push(type),
          () => resolve(),
        )
        .catch(reject)
    })
    expect(types).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
  })

  it('follows a log, and forwards a port', async () => {
    await api.createNamespacedPod({ namespace, body: podNamed('a') })
    cluster.setPod('a', { status: { phase: 'Running' }, nodeName: 'n1' })
    cluster.log('a').write('one\n')
    const output = new PassThrough()
    await new Log(config).log(namespace, 'a', 'main', output, { follow: true })
    cluster.log('a').write('two\n')
    cluster.log('a').end()
    expect(await text(output)).toBe('one\ntwo\n')

    const service = createServer((_, response) => void response.end('hello'))
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    cluster.forwards.ports.set(8000, (service.address() as AddressInfo).port)
    const [toPod, fromPod, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
    await new PortForward(config).portForward(namespace, 'a', [8000], fromPod, errors, toPod)
    toPod.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const [chunk] = (await once(fromPod, 'data')) as [Buffer]
    expect(chunk.toString()).toContain('HTTP/1.1 200 OK')
    service.closeAllConnections()
    service.close()
  })
})
