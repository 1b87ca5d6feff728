/** A machine as a cloud hands it over: an SSH server with our host key, an engine, nothing else. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keysFor } from '#machines/keys'
import { newSshMachines } from '#machines/machines'
import { newSshKeyPair } from '#platform/ssh-keys'
import { importImage, type RunningEngine, startEngine, whyNot } from '../backends/docker/engines.ts'
import { login, startRegistry, whyNoRegistry } from '../backends/docker/registry.ts'
import { askThrough } from './ask-through.ts'
import { attempts, machine, offerOf, requestOf, secretValue, workload } from './requests.ts'
import { type RunningSshd, startSshd, whyNoSshd } from './sshd.ts'
import { until } from './until.ts'

const why = whyNoSshd() ?? whyNot('docker')
const noRegistry = whyNoRegistry()
if (noRegistry !== null) console.log(`skipped: a registry for machines: ${noRegistry}`)
if (why !== null) console.log(`skipped: machines over SSH: ${why}`)

const { name } = requestOf(attempts[0])
const instance = {
  name,
  id: attempts[0],
  backend: 'somewhere',
  offer: offerOf('somewhere', machine),
  expiresMs: Date.UTC(2026, 10, 25),
  runId: 'greet',
  replica: 0,
}

describe.skipIf(why !== null)('a machine that offers SSH alone', () => {
  const home = mkdtempSync(join(tmpdir(), 'machines-'))
  let sshd: RunningSshd
  let engine: RunningEngine
  const machinesAt = (of: Partial<Parameters<typeof newSshMachines>[0]> = {}) =>
    newSshMachines({
      home,
      sleep: async () => undefined,
      instant: () => '2026-11-24T10:00:00Z',
      signal: new AbortController().signal,
      user: sshd.user,
      engineSocket: engine.address.slice('unix://'.length),
      ...of,
    })
  const at = () => ({ host: '127.0.0.1', port: sshd.port })

  beforeAll(async () => {
    const keys = keysFor(home, name)
    sshd = await startSshd(keys.login, keys.host)
    engine = await startEngine('docker')
    await importImage(engine.docker, 'localhost/node:1', true)
  }, 60_000)

  afterAll(async () => {
    await engine?.stop()
    await sshd?.stop()
    rmSync(home, { recursive: true, force: true })
  })

  it('brings the workload there, finds it again from another process, and stops it', async () => {
    const machines = machinesAt()
    const look = async () => {
      await machines.start(instance, at(), workload)
      return machines.observe(instance, at())
    }
    await until(look, ({ phase }) => phase === 'running')

    // Another process knows nothing but what lies on disk.
    const other = machinesAt()
    await until(
      async () => {
        await other.start(instance, at(), workload)
        return other.observe(instance, at())
      },
      ({ phase }) => phase === 'running',
    )
    expect(await engine.docker.listContainers({ all: true })).toHaveLength(1)

    const tunnel = await other.reach(instance, at())
    expect(
      await until(
        () => askThrough(tunnel),
        (text) => text !== '',
      ),
    ).toBe(secretValue)
    tunnel.close()

    let output = ''
    const request = { follow: false, signal: new AbortController().signal }
    for await (const chunk of other.logs(instance, at(), request)) output += chunk
    expect(output).toContain('asked')

    await other.stop(instance, at())
    expect(await engine.docker.listContainers({ all: true })).toEqual([])
  }, 60_000)

  it('goes on after the connection was cut', async () => {
    const machines = machinesAt()
    const look = async () => {
      await machines.start(instance, at(), workload)
      return machines.observe(instance, at())
    }
    await until(look, ({ phase }) => phase === 'running')
    sshd.hangUp()
    expect(await look()).toEqual({ phase: 'running' })
    await machines.stop(instance, at())
  }, 60_000)

  it('is looked at through the connection that serves it, where no new one is let in', async () => {
    const keys = keysFor(home, name)
    const other = await startSshd(keys.login, keys.host)
    const there = { host: '127.0.0.1', port: other.port }
    const machines = machinesAt({ user: other.user })
    const look = async () => {
      await machines.start(instance, there, workload)
      return machines.observe(instance, there)
    }
    try {
      await until(look, ({ phase }) => phase === 'running')
      const tunnel = await machines.reach(instance, there)
      await until(
        () => askThrough(tunnel),
        (text) => text !== '',
      )
      await other.close()
      expect(await look()).toEqual({ phase: 'running' })
      expect(await askThrough(tunnel)).toBe(secretValue)
      await engine.docker.getContainer(name).kill()
      expect(await until(look, ({ phase }) => phase === 'exited')).toMatchObject({ exitCode: 137 })
      tunnel.close()
      await expect(look()).rejects.toMatchObject({ name: 'SshFailure', kind: 'unreachable' })
    } finally {
      await other.stop()
      await machines.stop(instance, at())
    }
  }, 60_000)

  it.skipIf(noRegistry !== null)(
    'says that a registry refuses the credentials',
    async () => {
      const registry = await startRegistry()
      const machines = machinesAt()
      const image = `${registry.host}/private:1`
      const refused = async (registryAuth: typeof workload.registryAuth) => {
        const look = async () => {
          await machines.start(instance, at(), { ...workload, image, registryAuth })
          return machines.observe(instance, at())
        }
        const seen = await until(look, ({ phase }) => phase === 'exited')
        await machines.stop(instance, at())
        return 'reason' in seen ? seen.reason : null
      }
      try {
        const auth = { username: login.username, password: 'canary-of-another' }
        const wrong = await refused(auth)
        expect(wrong).toContain(`"${image}" does not take the credentials of registry_auth`)
        expect(wrong).not.toMatch(/canary|HTTP code/)
        expect(await refused(null)).toContain('wants credentials, and registry_auth gives none')
      } finally {
        await registry.stop()
      }
    },
    60_000,
  )

  it('is shown to let us in by a stop where nothing runs', async () => {
    await machinesAt().stop(instance, at())
    const booting = [
      machinesAt().stop(instance, { host: '127.0.0.1', port: 1 }),
      machinesAt({ engineSocket: '/nothing/there.sock' }).stop(instance, at()),
      machinesAt({ user: 'nobody-here' }).stop(instance, at()),
    ]
    const failures = await Promise.all(booting.map((one) => one.catch((error: unknown) => error)))
    expect(failures).toMatchObject([
      { name: 'SshFailure', kind: 'unreachable' },
      { name: 'SshFailure', kind: 'no-engine' },
      { name: 'SshFailure', kind: 'login' },
    ])
  }, 60_000)

  it('waits while nobody answers, or no engine is there yet', async () => {
    const unreachable = machinesAt()
    await unreachable.start(instance, { host: '127.0.0.1', port: 1 }, workload)
    const seen = await until(
      () => unreachable.observe(instance, { host: '127.0.0.1', port: 1 }),
      ({ phase }) => phase === 'starting',
    )
    expect(seen).toEqual({ phase: 'starting' })
    const bare = machinesAt({ engineSocket: '/nothing/there.sock' })
    await bare.start(instance, at(), workload)
    await until(
      () => bare.observe(instance, at()),
      ({ phase }) => phase === 'starting',
    )
  }, 30_000)

  it('says that a host with another key is not the machine', async () => {
    const impostor = await startSshd(keysFor(home, name).login, newSshKeyPair('impostor'))
    const machines = machinesAt()
    const place = { host: '127.0.0.1', port: impostor.port }
    const failed = async () => {
      await machines.start(instance, place, workload)
      await machines.observe(instance, place)
    }
    await expect(until(failed, () => false)).rejects.toThrow(/shows another host key/)
    await impostor.stop()
  }, 30_000)

  it('keeps keys for their owner alone', () => {
    const path = join(home, 'machines', `${name}.json`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const { host } = keysFor(home, name)
    expect(keysFor(home, name).host).toEqual(host)
  })

  it('tells cloud-init both keys, as JSON under its header', () => {
    const { userData, publicKey } = machinesAt().access(name)
    const [header, text = ''] = userData.split('\n')
    expect(header).toBe('#cloud-config')
    const settings = JSON.parse(text) as Record<string, unknown>
    expect(settings['ssh_keys']).toEqual({
      ed25519_private: keysFor(home, name).host.privateKey,
      ed25519_public: keysFor(home, name).host.publicKey,
    })
    expect(JSON.stringify(settings['users'])).toContain(publicKey)
    expect(userData).not.toContain(keysFor(home, name).login.privateKey)
  })
})
