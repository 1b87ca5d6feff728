/** A whole run in a cluster, as a process of its own: reached, listened to, and interrupted at any moment. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FakeRequest } from '../../contract/fake-cloud.ts'
import { newPlayground } from '../../cli/commands/processes.ts'
import { until } from '../../machines/until.ts'
import { FakeCluster } from './fake-cluster.ts'
import { kubeconfigIn } from './kubeconfig.ts'
import { addNode, startKubelet } from './kubelet.ts'

const configuration = `type: service
image: node:22
commands: [node server.js]
port: 8000
resources:
  cpu: 1..
  memory: 1GB..
  disk: 50GB..
`

const isPost =
  (kind: string) =>
  ({ method, path }: FakeRequest) =>
    method === 'POST' && path.endsWith(`/${kind}`)

describe('a run in a cluster', () => {
  let cluster: FakeCluster
  let service: Server
  let stopKubelet: () => void
  let playground: ReturnType<typeof newPlayground>

  beforeEach(async () => {
    playground = newPlayground()
    cluster = new FakeCluster()
    addNode(cluster, 'cpu-1')
    vi.stubEnv('KUBECONFIG', kubeconfigIn(playground.folder, await cluster.start()))
    stopKubelet = startKubelet(cluster)
    service = createServer((request, response) => {
      for (const { metadata } of cluster.pods()) cluster.log(metadata.name).write('asked\n')
      response.end(`hello from ${request.url ?? ''}`)
    })
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    cluster.forwards.ports.set(8000, (service.address() as AddressInfo).port)
  })
  afterEach(async () => {
    playground.close()
    stopKubelet()
    vi.unstubAllEnvs()
    service.closeAllConnections()
    service.close()
    await cluster.stop()
  })

  const start = () => {
    const file = join(playground.folder, 'serve.dstack.yml')
    writeFileSync(file, configuration)
    const words = ['run', file, '-b', 'kubernetes', '--name', 'serve', '-y']
    return playground.start([...words, '--no-overlay', '--no-files'])
  }
  const expectNothingLeft = async (): Promise<void> => {
    expect((await playground.said('ps')).text).toBe('No runs.\n')
    expect((await playground.said('pool', 'list')).text).toBe('No machines.\n')
    await until(
      async () => cluster.left(),
      (left) => left.length === 0,
    )
  }
  const ask = (address: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get(address, { agent: false }, (answer) => resolve(text(answer))).once('error', reject)
    })

  it('is reached through its API server, shows what it writes, and leaves nothing', async () => {
    const run = start()
    const [, address = ''] = await run.until(/listening on (http:\S+)/)
    const paths = ['/', '/v1/models?limit=1', '/b']
    const answers = await Promise.all(paths.map((path) => ask(new URL(path, address).href)))
    expect(answers).toEqual(paths.map((path) => `hello from ${path}`))
    expect(cluster.forwards.offered).toHaveLength(paths.length)
    await run.until(/^asked$/m)
    expect((await playground.said('ps')).text).toMatch(/replica 0 +kubernetes .*running/)
    run.child.kill('SIGTERM')
    const { code, text: said } = await run.ended
    expect(said).toContain('serve  terminated  stopped-by-user')
    expect(code).toBe(0)
    await expectNothingLeft()
  }, 120_000)

  it.each([
    ['before its pod is made', 'SIGINT', isPost('secrets')],
    ['while its pod is being made', 'SIGTERM', isPost('pods')],
    [
      'once its pod is there',
      'SIGINT',
      ({ method }: FakeRequest) => method === 'GET' && cluster.pods().length > 0,
    ],
  ] as const)(
    'ended %s by %s, it leaves nothing',
    async (_, signal, isMoment) => {
      const { child, ended } = start()
      const moment = new Promise<void>((resolve) => {
        cluster.intercept = (request) => {
          if (isMoment(request)) {
            cluster.intercept = null
            child.kill(signal)
            resolve()
          }
          return null
        }
      })
      await Promise.race([moment, ended])
      const { code, text: said } = await ended
      expect(said).toContain('stopped-by-user')
      expect(code).toBe(0)
      await expectNothingLeft()
    },
    120_000,
  )
})
