/** A real SSH server and a real engine behind it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askThrough } from '../../machines/ask-through.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sshProvisioner as provisioner } from '#backends/ssh/provisioner'
import type { Listed } from '#backends/kit/provisioner'
import { newSshKeyPair } from '#platform/ssh-keys'
import { readTextFile } from '#platform/text-files'
import { importImage, type RunningEngine, startEngine, whyNot } from '../docker/engines.ts'
import { attempts, ioWith, owner, planIn, requestOf, secretValue } from '../../machines/requests.ts'
import { until } from '../../machines/until.ts'
import { type RunningSshd, startSshd, whyNoSshd } from '../../machines/sshd.ts'

const why = whyNoSshd() ?? whyNot('docker')
if (why !== null) console.log(`skipped: ssh hosts: ${why}`)

const listed = async (io: ReturnType<typeof ioWith>): Promise<readonly Listed[]> => {
  const found: Listed[] = []
  for await (const one of provisioner.list(io, owner)) found.push(one)
  return found
}

describe.skipIf(why !== null)('a host over SSH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-backend-'))
  const login = newSshKeyPair('test')
  const hosts = join(folder, 'hosts.yml')
  let sshd: RunningSshd
  let engine: RunningEngine

  const write = (over: Record<string, unknown> = {}): void => {
    const host = {
      name: 'box-1',
      address: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      identity_file: '~/key',
      engine_socket: engine.address.slice('unix://'.length),
      cpus: 2,
      memory_gb: 4,
      ...over,
    }
    writeFileSync(hosts, JSON.stringify({ hosts: [host] }))
  }
  const io = () =>
    ioWith({ hosts, data: join(folder, 'data'), home: folder }, { secretFile: readTextFile })
  const planFor = async (attempt: string, over = {}) => {
    const [offer] = (await provisioner.inventory?.(io())) ?? []
    if (offer === undefined) throw new Error('no offer')
    return planIn(provisioner.plan(requestOf(attempt, over), offer))
  }

  beforeAll(async () => {
    writeFileSync(join(folder, 'key'), login.privateKey, { mode: 0o600 })
    sshd = await startSshd(login)
    engine = await startEngine('docker')
    await importImage(engine.docker, 'localhost/node:1', true)
    write()
  }, 60_000)

  afterAll(async () => {
    await engine?.stop()
    await sshd?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('runs a workload with the project, reaches it, reads its output, and leaves nothing', async () => {
    const project = mkdtempSync(join(folder, 'project-'))
    writeFileSync(join(project, 'greeting.txt'), 'from the project')
    const command = [
      "exec node -e \"require('http').createServer((q, r) => { console.log('asked'); r.end(process.env.TOKEN + require('fs').readFileSync('greeting.txt')) }).listen(8000)\"",
    ]
    await provisioner.verify(io())
    const plan = await planFor(attempts[0], { projectDirectory: project, command })
    const { ref } = await provisioner.create(io(), plan)
    expect(ref.id).toBe(`box-1/${plan.request.name}`)

    const again = await provisioner.create(io(), plan)
    expect(again.ref).toEqual(ref)
    expect(await engine.docker.listContainers({ all: true })).toHaveLength(1)

    const seen = await until(
      () => provisioner.observe(io(), ref),
      ({ workload }) => workload?.phase === 'running',
    )
    expect(seen).toMatchObject({ ref, phase: 'running', service: null, tags: plan.request.tags })

    const tunnel = await provisioner.reach?.(io(), ref)
    if (tunnel === undefined) throw new Error('no way to the workload')
    const text = await until(
      () => askThrough(tunnel),
      (one) => one !== '',
    )
    tunnel.close()
    expect(text).toBe(`${secretValue}from the project`)

    const stop = new AbortController()
    let output = ''
    const request = { follow: true, signal: stop.signal }
    for await (const chunk of provisioner.logs?.(io(), ref, request) ?? []) {
      output += chunk
      if (output.includes('asked')) break
    }
    expect(output).toContain('asked')
    expect(await listed(io())).toMatchObject([{ instance: { ref } }])

    await provisioner.renew?.(io(), ref, {
      ...plan.request.tags,
      expiresAt: '2026-11-26T00:00:00Z',
    })
    expect((await provisioner.observe(io(), ref)).tags?.expiresAt).toBe('2026-11-26T00:00:00Z')

    expect(await provisioner.destroy(io(), ref)).toBe('gone')
    expect((await provisioner.observe(io(), ref)).phase).toBe('gone')
    expect(await listed(io())).toEqual([])
    expect(await provisioner.destroy(io(), ref)).toBe('gone')
  }, 60_000)

  it('gives a host to one attempt at a time', async () => {
    const first = await planFor(attempts[0], { command: ['sleep 100'] })
    const { ref } = await provisioner.create(io(), first)
    const second = await planFor(attempts[1])
    const error: unknown = await provisioner.create(io(), second).catch((one: unknown) => one)
    const verdict = provisioner.classify(error, { during: 'create', spot: false })
    expect(verdict).toMatchObject({ class: 'no-capacity', scope: 'offer' })
    expect(verdict.message).toContain(first.request.name)
    await provisioner.destroy(io(), ref)
    const { ref: next } = await provisioner.create(io(), second)
    await provisioner.destroy(io(), next)
  }, 60_000)

  it('leaves neither lock nor container where the workload cannot start', async () => {
    const plan = await planFor(attempts[0], { image: 'localhost/no-such-image:1' })
    const error: unknown = await provisioner.create(io(), plan).catch((one: unknown) => one)
    // Nothing serves images on this machine.
    const verdict = provisioner.classify(error, { during: 'create', spot: false })
    expect(verdict.message).toContain('localhost/v2')
    expect(await listed(io())).toEqual([])
    expect(await engine.docker.listContainers({ all: true })).toEqual([])
  })

  it('shows a lock that a killed process has left, and clears it', async () => {
    const plan = await planFor(attempts[0], { command: ['sleep 100'] })
    const { ref } = await provisioner.create(io(), plan)
    await engine.docker.getContainer(plan.request.name).remove({ force: true })
    expect(await listed(io())).toMatchObject([{ instance: { ref, phase: 'pending' } }])
    expect((await provisioner.observe(io(), ref)).phase).toBe('pending')
    expect(await provisioner.destroy(io(), ref)).toBe('gone')
    expect(await listed(io())).toEqual([])
  })

  it('refuses to destroy a container that is none of ours', async () => {
    const foreign = await engine.docker.createContainer({
      Image: 'localhost/node:1',
      name: 'somebody',
      Cmd: ['true'],
    })
    const ref = { backend: 'ssh', id: 'box-1/somebody', region: null, zone: null }
    await expect(provisioner.destroy(io(), ref)).rejects.toThrow('none of ours')
    await foreign.remove({ force: true })
  })

  it('pins the key that a host shows first, and says so when it shows another', async () => {
    const pin = readFileSync(join(folder, 'data', 'ssh-hosts', `127.0.0.1_${sshd.port}`), 'utf8')
    expect(sshd.host.publicKey.startsWith(pin.trim())).toBe(true)
    write({ host_key: newSshKeyPair('another').publicKey })
    const error: unknown = await provisioner.verify(io()).catch((one: unknown) => one)
    const verdict = provisioner.classify(error, { during: 'verify', spot: false })
    expect(verdict).toMatchObject({ class: 'forbidden', code: 'host-key' })
    write({ host_key: sshd.host.publicKey })
    await provisioner.verify(io())
    write()
  })

  it.each([
    [{ port: 1 }, 'unreachable', 'no-capacity'],
    [{ user: 'nobody-of-that-name' }, 'login', 'forbidden'],
    [{ engine_socket: '/nothing/there.sock' }, 'no-engine', 'forbidden'],
  ])('tells %o as %s, which is %s', async (over, code, failureClass) => {
    write(over)
    const plan = await planFor(attempts[0])
    const error: unknown = await provisioner.create(io(), plan).catch((one: unknown) => one)
    expect(provisioner.classify(error, { during: 'create', spot: false })).toMatchObject({
      code,
      class: failureClass,
    })
    write()
    expect(await listed(io())).toEqual([])
  })
})
