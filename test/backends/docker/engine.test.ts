import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { LaunchPlan, LaunchRequest, Provisioner } from '#backends/kit/provisioner'
import { dockerProvisioner } from '#backends/docker/provisioner'
import { localProvisioner } from '#backends/local/provisioner'
import { MachineForeignError } from '#domain/errors'
import type { InstanceRef } from '#domain/launch'
import type { Workload } from '#domain/workload'
import { until as untilSo } from '../../machines/until.ts'
import { ioWith, requestFor, until, workloadWith } from '../local/io.ts'
import { importImage, type RunningEngine, startEngine, whyNot } from './engines.ts'

const small = 'localhost/bb:1'

const container = (script: string, some: Partial<Workload> = {}): Workload =>
  workloadWith(script, {
    image: small,
    entrypoint: ['/bin/sh'],
    command: ['-i', '-c', script],
    memoryMib: 64,
    ...some,
  })

const ioFor = (provisioner: Provisioner, address: string): CloudIo => {
  const readiness = provisioner.readiness({ DOCKER_HOST: address, DSTACK_OFFERS_HOME: '/nowhere' })
  if (readiness.status !== 'ready') throw new Error('not ready')
  return ioWith(readiness.values)
}

const exists = (kind: 'docker' | 'podman'): boolean => {
  const why = whyNot(kind)
  if (why !== null) console.log(`skipped: ${kind}: ${why}`)
  return why === null
}

describe.each(['docker', 'podman'] as const)('%s', (kind) => {
  const here = exists(kind)
  let engine: RunningEngine
  let io: CloudIo
  const provisioner = dockerProvisioner

  beforeAll(async () => {
    if (!here) return
    engine = await startEngine(kind)
    await importImage(engine.docker, small, false)
    io = ioFor(provisioner, engine.address)
  }, 60_000)
  afterAll(async () => {
    if (here) await engine.stop()
  }, 60_000)

  const planned = async (request: LaunchRequest, by = provisioner): Promise<LaunchPlan> => {
    const [offer] = (await by.inventory?.(io)) ?? []
    if (offer === undefined) throw new Error('no offer')
    const answer = by.plan(request, offer)
    if ('refusal' in answer) throw new Error(answer.refusal.message)
    return answer.plan
  }
  const started = async (workload: Workload): Promise<InstanceRef> =>
    (await provisioner.create(io, await planned(requestFor(workload)))).ref
  const exitOf = (ref: InstanceRef) =>
    until(async () => {
      const { workload } = await provisioner.observe(io, ref)
      return workload?.phase === 'exited' && workload
    })
  const logOf = async (ref: InstanceRef, follow = false): Promise<string> => {
    let text = ''
    const request = { follow, signal: new AbortController().signal }
    for await (const piece of provisioner.logs?.(io, ref, request) ?? []) text += piece
    return text
  }
  const listOf = async (owner: string): Promise<readonly string[]> => {
    const ids: string[] = []
    for await (const one of provisioner.list(io, owner)) {
      if ('instance' in one) ids.push(one.instance.ref.id)
    }
    return ids
  }
  const verdictOf = async (workload: Workload) => {
    const error: unknown = await started(workload).catch((error: unknown) => error)
    return provisioner.classify(error, { during: 'create', spot: false })
  }

  test.runIf(here)('a service runs with its project, answers, and goes', async () => {
    const project = mkdtempSync(join(tmpdir(), 'project-'))
    writeFileSync(join(project, 'index.html'), 'hello')
    writeFileSync(join(project, '.dstackignore'), 'secret')
    writeFileSync(join(project, 'secret'), 'x')
    const request = requestFor(
      container('pwd; ls -a; httpd -f -p 8000', { projectDirectory: project }),
    )
    const { ref } = await provisioner.create(io, await planned(request))
    const seen = await provisioner.observe(io, ref)
    expect(seen).toMatchObject({
      phase: 'running',
      name: request.name,
      tags: request.tags,
      workload: { phase: 'running' },
      service: { host: '127.0.0.1' },
    })
    const text = await until(async () => {
      const answer = await fetch(`http://127.0.0.1:${seen.service?.port ?? 0}/index.html`).catch(
        () => null,
      )
      return answer && answer.text()
    })
    expect(text).toBe('hello')
    expect(await logOf(ref)).toMatch(/\/workflow\n[^]*index\.html/)
    expect(await logOf(ref)).not.toContain('secret')
    expect(await listOf('abcd1234')).toEqual([ref.id])
    expect(await listOf('zzzz1234')).toEqual([])
    await until(async () => (await provisioner.destroy(io, ref)) === 'gone')
    expect(await listOf('abcd1234')).toEqual([])
    expect((await provisioner.observe(io, ref)).phase).toBe('gone')
    expect(await provisioner.destroy(io, ref)).toBe('gone')
    rmSync(project, { recursive: true })
  })

  test.runIf(here)('of one name there is one, however often it is asked for', async () => {
    const plan = await planned(requestFor(container('sleep 60')))
    const first = await provisioner.create(io, plan)
    const again = await provisioner.create(io, plan)
    expect(again.ref.id).toBe(first.ref.id)
    await provisioner.destroy(io, first.ref)
  })

  test.runIf(here)('limits, environment and shared memory are its own', async () => {
    const ref = await started(container('env; df -k /dev/shm', { shmMib: 16 }))
    expect(await exitOf(ref)).toMatchObject({ exitCode: 0 })
    const log = await logOf(ref)
    expect(log).toContain('TOKEN=s3cret-value')
    expect(log).toMatch(/16384 .*\/dev\/shm/)
    const { HostConfig } = await engine.docker.getContainer(ref.id).inspect()
    expect(HostConfig.Memory).toBe(64 * 1024 * 1024)
    expect(HostConfig.NanoCpus).toBe(1e9)
    await provisioner.destroy(io, ref)
  })

  test.runIf(here)('logs are followed to the end of the command', async () => {
    const ref = await started(container('echo one; sleep 1; echo two >&2; exit 3'))
    expect(await logOf(ref, true)).toMatch(/one[^]*two/)
    expect(await exitOf(ref)).toEqual({ phase: 'exited', exitCode: 3, reason: null })
    await provisioner.destroy(io, ref)
  })

  test.runIf(here)(
    'an image that cannot be pulled is told, and leaves nothing',
    async () => {
      const ref = await started(container('x', { image: '127.0.0.1:9/none:1' }))
      const seen = await untilSo(
        () => provisioner.observe(io, ref),
        ({ phase }) => phase === 'failed',
      )
      expect(seen.cause).toMatchObject({ class: 'transient' })
      expect(await provisioner.destroy(io, ref)).toBe('gone')
      expect(await listOf('abcd1234')).toEqual([])
    },
    120_000,
  )

  // Docker starts nothing; Podman takes such a request, and starts without them.
  test.runIf(here)('accelerators that are not given are refused, and leave nothing', async () => {
    const verdict = await verdictOf(container('sleep 60', { gpuCount: 1 }))
    const words = kind === 'docker' ? /could not select device driver/ : /^gpu not given: /
    expect(verdict).toMatchObject({ class: 'invalid', scope: 'attempt' })
    expect(verdict.message).toMatch(words)
    expect(await listOf('abcd1234')).toEqual([])
    expect(await engine.docker.listContainers({ all: true })).toEqual([])
  })

  // Docker's init ends with 127 then, Podman's with 1.
  test.runIf(here)('a command that is not there ends badly', async () => {
    const ref = await started(container('x', { entrypoint: ['/nowhere'] }))
    expect((await exitOf(ref)).exitCode).toBe(kind === 'docker' ? 127 : 1)
    await provisioner.destroy(io, ref)
  })

  test.runIf(here)('what is none of ours is not destroyed', async () => {
    const foreign = await engine.docker.createContainer({ Image: small, Cmd: ['/bin/sleep', '9'] })
    const ref = { backend: 'docker', id: foreign.id, region: null, zone: null }
    await expect(provisioner.destroy(io, ref)).rejects.toThrow(MachineForeignError)
    await foreign.remove({ force: true })
  })

  test.runIf(here)('local runs in it', async () => {
    io = ioFor(localProvisioner, engine.address)
    const plan = await planned(requestFor(container('sleep 60')), localProvisioner)
    expect(plan.offer).toMatchObject({ backend: 'local', instanceType: { name: 'container' } })
    const { ref } = await localProvisioner.create(io, plan)
    expect((await localProvisioner.observe(io, ref)).workload).toEqual({ phase: 'running' })
    await until(async () => (await localProvisioner.destroy(io, ref)) === 'gone')
    const greedy = requestFor(container('sleep 60', { gpuCount: 1 }))
    const error: unknown = await localProvisioner
      .create(io, await planned(greedy, localProvisioner))
      .catch((one: unknown) => one)
    expect(localProvisioner.classify(error, { during: 'create', spot: false }).class).toBe(
      'invalid',
    )
    expect(await engine.docker.listContainers({ all: true })).toEqual([])
  })
})
