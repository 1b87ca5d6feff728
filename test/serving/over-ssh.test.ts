/** A real model on a host behind a real SSH server: the gateway reaches it through a tunnel alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSshKeyPair } from '#platform/ssh-keys'
import { type RunningSshd, startSshd, whyNoSshd } from '../machines/sshd.ts'
import { type Load, startLoad } from './load.ts'
import { type Answered, newModelClient } from './model-client.ts'
import { openPlaces, type Places, places } from './places.ts'
import { until } from './stand.ts'

const noSshd = whyNoSshd()
if (noSshd !== null) console.warn(`a model served over SSH: not tried, ${noSshd}`)

describe.skipIf(noSshd !== null || !places.includes('docker'))('over SSH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'serving-ssh-'))
  let sshd: RunningSshd
  let all: Places

  beforeAll(async () => {
    const login = newSshKeyPair('test')
    const key = join(folder, 'key')
    writeFileSync(key, login.privateKey, { mode: 0o600 })
    sshd = await startSshd(login)
    const hosts = join(folder, 'hosts.yml')
    all = await openPlaces({ DSTACK_OFFERS_SSH_HOSTS: hosts })
    const host = {
      name: 'box-1',
      address: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      identity_file: key,
      engine_socket: all.engineSocket,
      cpus: 2,
      memory_gb: 4,
      disk_gb: 100,
    }
    writeFileSync(hosts, JSON.stringify({ hosts: [host] }))
  }, 120_000)
  afterAll(async () => {
    await all?.end()
    await sshd?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  test('a service is reached through its tunnel, also after the connection was cut', async () => {
    const { stand } = all
    const server = await stand.server()
    await all.serve('ssh', 'far', '')
    const client = newModelClient(server, { run: 'far', token: server.token ?? '' })
    const { replica } = await client.complete()
    const containers = await all.machines('ssh')
    expect(containers).toHaveLength(1)
    expect(containers[0]?.startsWith(replica.split('/')[0] ?? '?')).toBe(true)

    const gets = startLoad({ clients: 3, everyMs: 5 }, client.listed)
    const posts = [
      startLoad({ clients: 3, everyMs: 5 }, client.complete),
      startLoad({ clients: 2, everyMs: 5 }, () => client.stream({ tokens: 16, paceMs: 50 })),
    ]
    const loads: readonly Load<Answered>[] = [gets, ...posts]
    const answeredSince = async (counts: readonly number[]): Promise<void> => {
      const least = () =>
        Math.min(...loads.map(({ answers }, at) => answers.length - (counts[at] ?? 0)))
      await until(least, (count) => count > 3, 30_000)
    }
    await answeredSince([])
    const cuts: { readonly atMs: number; readonly backMs: number }[] = []
    for (let cut = 0; cut < 2; cut += 1) {
      const counts = loads.map(({ answers }) => answers.length)
      const atMs = performance.now()
      sshd.hangUp()
      const hungUpMs = performance.now()
      await answeredSince(counts)
      const first = gets.answers.find(({ endedMs }) => endedMs > hungUpMs + 100)
      cuts.push({ atMs: hungUpMs, backMs: (first?.endedMs ?? Number.NaN) - atMs })
    }
    await Promise.all(loads.map((load) => load.stop()))

    expect(gets.failures).toEqual([])
    // What was in flight is lost with the connection, and nothing that began when it was gone.
    const lost = posts.flatMap(({ failures }) => failures)
    expect(lost.length).toBeLessThanOrEqual(5 * cuts.length)
    const wasInFlight = ({ beganMs, endedMs }: { beganMs: number; endedMs: number }): boolean =>
      cuts.some(({ atMs }) => beganMs <= atMs + 100 && endedMs >= atMs - 100)
    expect(lost.filter((one) => !wasInFlight(one))).toEqual([])
    // The same container answers all the time: only the way to it had to be found again.
    const answers = loads.flatMap((load) => load.answers)
    expect(new Set(answers.map((one) => one.replica))).toEqual(new Set([replica]))
    expect(await all.machines('ssh')).toEqual(containers)
    console.info(
      `over SSH, cut twice: ${lost.length} of ${answers.length + lost.length} requests lost, none of ${gets.answers.length} GETs; back after ${cuts.map(({ backMs }) => Math.round(backMs)).join(' and ')} ms`,
    )
    await stand.command('stop', 'far')
    expect(await all.machines('ssh')).toEqual([])
  }, 120_000)
})
