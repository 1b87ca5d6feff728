/** A port of a pod, reached through an API server that forwards it as a kubelet does. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer as createHttpServer, get } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tunnel } from '#backends/kit/tunnel'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { readTextFile } from '#platform/text-files'
import { forwardPort } from '#platform/local-port'
import { attempts, ioWith, machine, offerOf, planIn, requestOf } from '../../machines/requests.ts'
import { until } from '../../machines/until.ts'
import { FakeCluster } from './fake-cluster.ts'
import { kubeconfigIn } from './kubeconfig.ts'

const podPort = 8000

describe('a port of a pod', () => {
  let cluster: FakeCluster
  let folder: string
  let url: string
  let tunnel: Tunnel
  let podName: string
  const servers: Server[] = []

  const io = (token = 'valid') =>
    ioWith({ kubeconfig: kubeconfigIn(folder, url, token) }, { secretFile: readTextFile })

  /** What listens in the pod. */
  const listen = async (server: Server): Promise<void> => {
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cluster.forwards.ports.set(podPort, (server.address() as AddressInfo).port)
  }

  beforeEach(async () => {
    cluster = new FakeCluster()
    url = await cluster.start()
    folder = mkdtempSync(join(tmpdir(), 'forward-'))
    const plan = planIn(provisioner.plan(requestOf(attempts[0]), offerOf('kubernetes', machine)))
    const { ref } = await provisioner.create(io(), plan)
    podName = ref.id
    const way = await provisioner.reach?.(io(), ref)
    if (way === undefined) throw new Error('it reaches nothing')
    tunnel = way
  })
  afterEach(async () => {
    tunnel.close()
    await cluster.stop()
    for (const server of servers.splice(0)) server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const whyNot = (stream: Duplex): Promise<string> =>
    new Promise((resolve) => stream.once('error', ({ message }) => resolve(message)))

  it('carries bytes both ways, whatever they are and however many', async () => {
    await listen(createServer((socket) => void socket.pipe(socket)))
    const sent = randomBytes(3_000_000)
    const stream = await tunnel.open()
    const chunks: Buffer[] = []
    let length = 0
    const all = new Promise<void>((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length === sent.length) resolve()
      })
    })
    stream.write(sent)
    await all
    expect(Buffer.concat(chunks).equals(sent)).toBe(true)
    // The client offers later protocols too, and speaks the one that forwarding has.
    expect(cluster.forwards.offered[0]?.[0]).toBe('v5.channel.k8s.io')
  })

  it('ends when the other end does, with everything that it has said', async () => {
    const body = randomBytes(500_000).toString('hex')
    await listen(createServer((socket) => void socket.end(body)))
    const stream = await tunnel.open()
    expect(await text(stream)).toBe(body)
    await until(
      async () => cluster.forwards.open,
      (open) => open === 0,
    )
  })

  it('ends the other end when it is ended here', async () => {
    const ended: Promise<Socket> = new Promise((resolve) => {
      void listen(createServer((socket) => socket.once('close', () => resolve(socket))))
    })
    await until(
      async () => cluster.forwards.ports.size,
      (size) => size === 1,
    )
    const stream = await tunnel.open()
    stream.destroy()
    await ended
    expect(cluster.forwards.open).toBe(0)
  })

  it('still brings the answer after the question has ended', async () => {
    await listen(createHttpServer((_, response) => void setTimeout(() => response.end('late'), 30)))
    const stream = await tunnel.open()
    stream.end('GET / HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n')
    expect(await text(stream)).toMatch(/\r\n\r\n(?:4\r\n)?late/)
  })

  it('does not take more than is read', async () => {
    let written = 0
    const chunk = Buffer.alloc(65_536)
    await listen(
      createServer((socket) => {
        const more = (): void => {
          while (socket.write(chunk)) written += chunk.length
        }
        socket.on('drain', more)
        socket.on('error', () => undefined)
        more()
      }),
    )
    const stream = await tunnel.open()
    const settled = async (): Promise<number> => {
      const before = written
      await new Promise((resolve) => setTimeout(resolve, 100))
      return written - before
    }
    await until(settled, (more) => more === 0)
    const held = written
    expect(stream.readableLength).toBeLessThan(1_000_000)
    stream.resume()
    await until(
      async () => written,
      (now) => now > held + 10_000_000,
    )
  })

  it('carries several connections at once, each apart', async () => {
    await listen(createHttpServer((request, response) => void response.end(request.url)))
    const forward = await forwardPort(0, () => tunnel.open())
    const agent = new Agent({ maxSockets: 8 })
    const ask = (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        get({ port: forward.port, path, agent }, (answer) => resolve(text(answer))).once(
          'error',
          reject,
        )
      })
    const paths = Array.from({ length: 24 }, (_, index) => `/${index}`)
    expect(await Promise.all(paths.map(ask))).toEqual(paths)
    expect(cluster.forwards.offered).toHaveLength(8)
    agent.destroy()
    forward.close()
    await until(
      async () => cluster.forwards.open,
      (open) => open === 0,
    )
  })

  it('says what the node says where nothing listens', async () => {
    const stream = await tunnel.open()
    expect(await whyNot(stream)).toBe(
      `port 8000 of pod "${podName}": error forwarding port 8000 to pod ${podName}, uid : failed to connect to localhost:8000 inside namespace: connection refused`,
    )
    expect(stream.destroyed).toBe(true)
  })

  it('fails where the pod goes while it is open, after what had come', async () => {
    await listen(createServer((socket) => void socket.write('half')))
    const stream = await tunnel.open()
    const [half] = (await once(stream, 'data')) as [Buffer]
    expect(half.toString()).toBe('half')
    const why = whyNot(stream)
    cluster.forwards.drop()
    expect(await why).toContain('the connection broke off')
  })

  it('opens nothing where the pod is gone, or the credentials are refused', async () => {
    const ref = { backend: 'kubernetes', id: podName, region: null, zone: null }
    await provisioner.destroy(io(), ref)
    await expect(tunnel.open()).rejects.toThrow(/port 8000 of pod ".+": .*404/)
    await expect(provisioner.reach?.(io(), ref)).rejects.toThrow('no pod')
  })

  it('ends what is open, and what is being opened, when the way is closed', async () => {
    await listen(createServer(() => undefined))
    const stream = await tunnel.open()
    const closed = once(stream, 'close')
    const opening = tunnel.open()
    tunnel.close()
    await closed
    await expect(opening).rejects.toThrow('the way was closed')
    await until(
      async () => cluster.forwards.open,
      (open) => open === 0,
    )
  })

  it('does not mind how the address of its cluster ends', async () => {
    await listen(createServer((socket) => void socket.end('hello')))
    const kubeconfig = kubeconfigIn(folder, `${url}/`)
    const ref = { backend: 'kubernetes', id: podName, region: null, zone: null }
    const way = await provisioner.reach?.(ioWith({ kubeconfig }, { secretFile: readTextFile }), ref)
    const stream = await way?.open()
    expect(stream && (await text(stream))).toBe('hello')
  })
})
