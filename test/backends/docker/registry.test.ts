/** Images of a registry that wants credentials, on a real engine. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { LaunchPlan, Listed, Observed } from '#backends/kit/provisioner'
import { dockerProvisioner as provisioner } from '#backends/docker/provisioner'
import type { Workload } from '#domain/workload'
import { type Started, startProgram } from '../../launch/program.ts'
import { ioWith, requestFor, until, workloadWith } from '../local/io.ts'
import { importImage, type RunningEngine, startEngine, whyNot } from './engines.ts'
import { login, type RunningRegistry, startRegistry, whyNoRegistry } from './registry.ts'

const why = whyNoRegistry() ?? whyNot('docker')
if (why !== null) console.log(`skipped: a registry with credentials: ${why}`)

const wrong = 'canary-of-another'

describe.skipIf(why !== null)('an image of a registry that wants credentials', () => {
  let engine: RunningEngine
  let registry: RunningRegistry
  let io: CloudIo
  let image = ''

  beforeAll(async () => {
    registry = await startRegistry()
    engine = await startEngine('docker')
    image = `${registry.host}/small:1`
    await importImage(engine.docker, image, false)
    const pushed = await engine.docker.getImage(image).push({ authconfig: authOf(login.password) })
    await new Promise<void>((resolve, reject) => {
      engine.docker.modem.followProgress(pushed, (error: Error | null) =>
        error ? reject(error) : resolve(),
      )
    })
    const readiness = provisioner.readiness({ DOCKER_HOST: engine.address })
    if (readiness.status !== 'ready') throw new Error('not ready')
    io = ioWith(readiness.values)
    await forget()
  }, 60_000)
  afterEach(async () => {
    registry.open()
    for (const { Id } of await engine.docker.listContainers({ all: true })) {
      await engine.docker.getContainer(Id).remove({ force: true, v: true })
    }
    await forget()
  })
  afterAll(async () => {
    await engine?.stop()
    await registry?.stop()
  }, 60_000)

  const authOf = (password: string) => ({
    username: login.username,
    password,
    serveraddress: registry.host,
  })
  const forget = () =>
    engine.docker
      .getImage(image)
      .remove({ force: true })
      .catch(() => undefined)
  const planOf = async (registryAuth: Workload['registryAuth'], some: Partial<Workload> = {}) => {
    const [offer] = (await provisioner.inventory?.(io)) ?? []
    if (offer === undefined) throw new Error('no offer')
    const command = ['-c', 'sleep 100']
    const workload = { image, entrypoint: ['/bin/sh'], command, memoryMib: 64, registryAuth }
    const planned = provisioner.plan(requestFor(workloadWith('', { ...workload, ...some })), offer)
    if ('refusal' in planned) throw new Error(planned.refusal.message)
    return planned.plan
  }
  const seenWhere = (plan: LaunchPlan, isSo: (seen: Observed) => boolean): Promise<Observed> =>
    until(async () => {
      const seen = await provisioner.observe(io, refOf(plan))
      return isSo(seen) && seen
    })
  const refOf = ({ request }: LaunchPlan) => ({
    backend: 'docker',
    id: request.name,
    region: 'docker',
    zone: null,
  })
  const listOf = async (owner: string): Promise<readonly Listed[]> => {
    const found: Listed[] = []
    for await (const one of provisioner.list(io, owner)) found.push(one)
    return found
  }
  const containers = () => engine.docker.listContainers({ all: true })

  test('is pulled with the right ones, is seen to be pulled, and runs', async () => {
    registry.shut()
    const plan = await planOf({ ...login })
    const { ref } = await provisioner.create(io, plan)
    expect(ref).toEqual(refOf(plan))
    const pulling = await provisioner.observe(io, ref)
    expect(pulling).toMatchObject({ ref, phase: 'pending', workload: { phase: 'pulling' } })
    expect(await listOf(plan.request.tags.owner)).toEqual([{ instance: pulling }])
    // Asked for again, there still is one.
    expect((await provisioner.create(io, plan)).ref).toEqual(ref)
    registry.open()
    const running = await seenWhere(plan, ({ workload }) => workload?.phase === 'running')
    expect(running).toMatchObject({ ref, phase: 'running', tags: plan.request.tags })
    expect(await containers()).toHaveLength(1)
    expect(await listOf(plan.request.tags.owner)).toEqual([{ instance: running }])
    await provisioner.destroy(io, ref)
    expect(await listOf(plan.request.tags.owner)).toEqual([])
  })

  test('that is stopped while it is pulled leaves nothing', async () => {
    registry.shut()
    const plan = await planOf({ ...login })
    await provisioner.create(io, plan)
    await until(async () => registry.held() > 0)
    expect(await provisioner.destroy(io, refOf(plan))).toBe('gone')
    registry.open()
    expect((await provisioner.observe(io, refOf(plan))).phase).toBe('gone')
    expect(await containers()).toEqual([])
  })

  test.each([
    ['wrong ones', { ...login, password: wrong }, 'does not take the credentials of registry_auth'],
    ['none', null, 'wants credentials, and registry_auth gives none'],
  ])('is refused with %s, and says so without them', async (_, auth, words) => {
    const plan = await planOf(auth)
    await provisioner.create(io, plan)
    const seen = await seenWhere(plan, ({ phase }) => phase !== 'pending')
    expect(seen).toMatchObject({ phase: 'failed', cause: { class: 'auth', scope: 'attempt' } })
    expect(seen.cause?.message).toContain(`the registry of "${image}" ${words}: `)
    expect(JSON.stringify(seen)).not.toMatch(/canary|HTTP code/)
    expect(await containers()).toEqual([])
    expect(await provisioner.destroy(io, refOf(plan))).toBe('gone')
  })

  test('that is not in the registry is another matter', async () => {
    const plan = await planOf({ ...login }, { image: `${registry.host}/nothing:1` })
    await provisioner.create(io, plan)
    const { cause } = await seenWhere(plan, ({ phase }) => phase !== 'pending')
    expect(cause).toMatchObject({ class: 'invalid' })
    expect(cause?.message).toContain('manifest unknown')
  })

  describe('by the program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'registry-run-'))
    let started: Started | null = null
    afterEach(() => started?.process.kill('SIGKILL'))
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    const run = (password: string): Started => {
      const configuration = {
        type: 'service',
        image,
        registry_auth: { username: login.username, password },
        commands: ['while true; do sleep 1; done'],
        port: 8000,
        resources: { cpu: '1..', memory: '0.1GB..', disk: '50GB..' },
      }
      const file = join(folder, 'pull.dstack.yml')
      writeFileSync(file, JSON.stringify(configuration))
      const words = ['run', file, '-b', 'docker', '--name', 'pulls', '-y', '--no-overlay']
      return startProgram(words, {
        DSTACK_OFFERS_HOME: join(folder, 'home'),
        DOCKER_HOST: engine.address,
      })
    }

    test('is shown to be pulled, and then to run', async () => {
      registry.shut()
      started = run(login.password)
      await started.until(/^replica 0 {2}pulling$/m)
      registry.open()
      await started.until(/^replica 0 {2}running$/m)
      started.process.kill('SIGINT')
      const { code, text } = await started.ended()
      expect(code).toBe(0)
      expect(text).not.toContain('canary')
      expect(await containers()).toEqual([])
    }, 60_000)

    test('ends with the reason where it is refused, and no secret is shown', async () => {
      started = run(wrong)
      const { code, text } = await started.ended()
      expect(code).toBe(3)
      expect(text).toContain('auth: the registry of')
      expect(text).toContain('does not take the credentials of registry_auth')
      expect(text).not.toContain('canary')
      // The books are private, and need them to try again; nothing else has them.
      const others = readdirSync(join(folder, 'home')).filter(
        (name) => !name.startsWith('runs.sqlite'),
      )
      for (const name of others) {
        expect(readFileSync(join(folder, 'home', name), 'latin1')).not.toContain(wrong)
      }
    }, 60_000)
  })
})
