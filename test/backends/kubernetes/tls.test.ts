/** A cluster as clusters are: behind TLS, with an authority of its own and certificates of its users. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { readTextFile } from '#platform/text-files'
import { attempts, ioWith, machine, offerOf, planIn, requestOf } from '../../machines/requests.ts'
import { makeCertificate, type TestCertificate, whyNoOpenssl } from '../../server/tls/openssl.ts'
import { FakeCluster } from './fake-cluster.ts'
import { contextOf } from './kubeconfig.ts'

const why = whyNoOpenssl()
if (why !== null) console.log(`skipped: kubernetes over TLS: ${why}`)

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe.skipIf(why !== null)('a cluster behind TLS', () => {
  let folder: string
  let cluster: FakeCluster
  let door: Server
  let echo: Server
  let server: TestCertificate
  let user: TestCertificate

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kube-tls-'))
    server = makeCertificate(folder, { file: 'server', host: 'localhost' })
    user = makeCertificate(folder, { file: 'user', host: 'somebody' })
    cluster = new FakeCluster()
    const inner = Number(new URL(await cluster.start()).port)
    const { cert, key } = server
    const asks = { requestCert: true, rejectUnauthorized: true, ca: user.cert }
    door = createTlsServer({ cert, key, ...asks }, (socket) => {
      const other = connect(inner, '127.0.0.1')
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
      other.on('error', () => socket.destroy()).on('close', () => socket.destroy())
      socket.pipe(other).pipe(socket)
    })
    await listening(door)
    echo = createServer((socket) => void socket.pipe(socket))
    cluster.forwards.ports.set(8000, await listening(echo))
  })
  afterEach(async () => {
    await cluster.stop()
    door.close()
    echo.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Trusts one authority, and shows one certificate. */
  const ioOf = (authority: TestCertificate, shown: TestCertificate | null) => {
    const path = join(folder, 'config')
    const address = `https://127.0.0.1:${(door.address() as AddressInfo).port}`
    const config = contextOf(address, 'valid')
    const certificate = {
      'client-certificate-data': base64(shown?.cert ?? ''),
      // As kubectl has it, beside the kubeconfig.
      'client-key': 'user.key',
    }
    const users = config.users.map(({ name, user: own }) => ({
      name,
      user: { ...own, ...(shown !== null && certificate) },
    }))
    const clusters = config.clusters.map(({ name }) => ({
      name,
      cluster: { server: address, 'certificate-authority-data': base64(authority.cert) },
    }))
    writeFileSync(path, JSON.stringify({ ...config, users, clusters }))
    return ioWith({ kubeconfig: path }, { secretFile: readTextFile })
  }
  const plan = () =>
    planIn(provisioner.plan(requestOf(attempts[0]), offerOf('kubernetes', machine)))

  it('is launched in, and reached, by who is known there', async () => {
    const { ref } = await provisioner.create(ioOf(server, user), plan())
    expect((await provisioner.observe(ioOf(server, user), ref)).phase).toBe('pending')
    const tunnel = await provisioner.reach?.(ioOf(server, user), ref)
    const stream = await tunnel?.open()
    if (stream === undefined) throw new Error('it reaches nothing')
    stream.write('hello')
    const [chunk] = (await once(stream, 'data')) as [Buffer]
    expect(chunk.toString()).toBe('hello')
    tunnel?.close()
  })

  it.each([
    ['another authority', () => ioOf(user, user)],
    ['no certificate of a user', () => ioOf(server, null)],
  ])('is not asked for anything with %s', async (_, io) => {
    const refused = await provisioner.create(io(), plan()).catch((error: unknown) => error)
    const verdict = provisioner.classify(refused, { during: 'create', spot: false })
    expect(['transient', 'ambiguous']).toContain(verdict.class)
    expect(cluster.calls).toEqual([])
  })

  it('says why a port is not reached', async () => {
    const { ref } = await provisioner.create(ioOf(server, user), plan())
    const io = ioOf(server, user)
    const tunnel = await provisioner.reach?.(io, ref)
    await new Promise((resolve) => void door.close(resolve))
    await expect(tunnel?.open()).rejects.toThrow(/^port 8000 of pod ".+": .*ECONNREFUSED/)
  })
})
