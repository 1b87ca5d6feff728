import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localProvisioner as local } from '#backends/local/provisioner'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { LaunchPlan, LaunchRequest } from '#backends/kit/provisioner'
import { MachineForeignError } from '#domain/errors'
import type { InstanceRef } from '#domain/launch'
import { ioWith, requestFor, until, workloadWith } from './io.ts'

let home = ''
let io: CloudIo
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'local-'))
  const readiness = local.readiness({
    DSTACK_OFFERS_LOCAL_RUNTIME: 'process',
    DSTACK_OFFERS_HOME: home,
  })
  if (readiness.status !== 'ready') throw new Error('not ready')
  io = ioWith(readiness.values)
})
afterEach(async () => {
  const machines = join(home, 'local', 'machines')
  const names = existsSync(machines) ? readdirSync(machines) : []
  for (const id of names) await destroyed({ backend: 'local', id, region: null, zone: null })
  rmSync(home, { recursive: true, force: true })
})

const planned = async (request: LaunchRequest): Promise<LaunchPlan> => {
  const [offer] = (await local.inventory?.(io)) ?? []
  if (offer === undefined) throw new Error('no offer')
  const answer = local.plan(request, offer)
  if ('refusal' in answer) throw new Error(answer.refusal.message)
  return answer.plan
}

const started = async (request: LaunchRequest): Promise<InstanceRef> =>
  (await local.create(io, await planned(request))).ref

const destroyed = (ref: InstanceRef) => until(async () => (await local.destroy(io, ref)) === 'gone')

const logOf = async (ref: InstanceRef): Promise<string> => {
  let text = ''
  const request = { follow: false, signal: new AbortController().signal }
  for await (const piece of local.logs?.(io, ref, request) ?? []) text += piece
  return text
}

const exitOf = (ref: InstanceRef) =>
  until(async () => {
    const { workload } = await local.observe(io, ref)
    return workload?.phase === 'exited' && workload
  })

const serve = `exec node -e "require('node:http').createServer((q, a) => a.end(process.cwd() + ' ' + process.env.TOKEN)).listen(process.env.PORT)"`

const listOf = async (owner: string): Promise<readonly string[]> => {
  const names: string[] = []
  for await (const one of local.list(io, owner)) {
    if ('instance' in one) names.push(one.instance.ref.id)
  }
  return names
}

describe('a service', () => {
  test('runs in the project directory, answers, is listed, and goes', async () => {
    const project = mkdtempSync(join(tmpdir(), 'project-'))
    const request = requestFor(workloadWith(serve, { projectDirectory: project }))
    const ref = await started(request)
    const seen = await local.observe(io, ref)
    expect(seen).toMatchObject({
      phase: 'running',
      workload: { phase: 'running' },
      tags: request.tags,
    })
    const { service } = seen
    const text = await until(async () => {
      const answer = await fetch(`http://127.0.0.1:${service?.port ?? 0}`).catch(() => null)
      return answer && answer.text()
    })
    expect(text).toBe(`${project} s3cret-value`)
    expect(await listOf('abcd1234')).toEqual([ref.id])
    expect(await listOf('zzzz1234')).toEqual([])
    expect(await local.destroy(io, ref)).toBe('going')
    await destroyed(ref)
    expect(await listOf('abcd1234')).toEqual([])
    expect((await local.observe(io, ref)).phase).toBe('gone')
    expect(await local.destroy(io, ref)).toBe('gone')
    rmSync(project, { recursive: true })
  })

  test('is made once however often it is asked for', async () => {
    const plan = await planned(requestFor(workloadWith('echo started; sleep 60')))
    const { ref } = await local.create(io, plan)
    const all = await Promise.all([1, 2, 3].map(() => local.create(io, plan)))
    expect(new Set(all.map((one) => one.ref.id))).toEqual(new Set([ref.id]))
    await until(async () => (await logOf(ref)).includes('started'))
    expect(await logOf(ref)).toBe('started\n')
  })

  test('keeps its values off command lines and files', async () => {
    const ref = await started(requestFor(workloadWith('sleep 60')))
    await until(async () => (await local.observe(io, ref)).workload?.phase === 'running')
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    expect(stdout).not.toContain('s3cret-value')
    const folder = join(home, 'local', 'machines', ref.id)
    expect(statSync(folder).mode & 0o077).toBe(0)
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain('s3cret-value')
    }
  })

  test('does not inherit what is not its own', async () => {
    process.env['CLOUD_KEY_OF_A_TEST'] = 'inherited-value'
    const ref = await started(requestFor(workloadWith('env')))
    delete process.env['CLOUD_KEY_OF_A_TEST']
    await exitOf(ref)
    const log = await logOf(ref)
    expect(log).toContain('DSTACK_RUN_NAME=hello')
    expect(log).not.toContain('inherited-value')
  })
})

/** A port that is taken would be named as the reason of an end: nobody listens on this one. */
const silentPort = 4

describe('the end of a command', () => {
  test.each([
    ['exit 0', 0, null],
    ['exit 3', 3, null],
    ['kill -9 $$', null, 'ended by SIGKILL'],
  ])('%s', async (script, exitCode, reason) => {
    const ref = await started(requestFor(workloadWith(script, { port: silentPort })))
    expect(await exitOf(ref)).toEqual({ phase: 'exited', exitCode, reason })
  })

  test('max_duration', async () => {
    const ref = await started(requestFor(workloadWith('sleep 60', { maxDurationSeconds: 1 })))
    expect((await exitOf(ref)).reason).toBe('max_duration is over')
  })

  test('its log stays when it is gone', async () => {
    const ref = await started(requestFor(workloadWith('echo last words')))
    await exitOf(ref)
    await destroyed(ref)
    expect(await logOf(ref)).toBe('last words\n')
  })

  test('what it left in the background ends with it', async () => {
    const ref = await started(requestFor(workloadWith('sleep 98765 & exit 0')))
    await exitOf(ref)
    await destroyed(ref)
    const { stdout } = spawnSync('pgrep', ['-fx', 'sleep 98765'], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  test('a supervisor that is killed is a failure, and its command goes', async () => {
    const ref = await started(requestFor(workloadWith('echo $$; sleep 60')))
    await until(async () => (await logOf(ref)) !== '')
    const file = join(home, 'local', 'machines', ref.id, 'supervisor.json')
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number }
    process.kill(pid, 'SIGKILL')
    const seen = await until(async () => {
      const one = await local.observe(io, ref)
      return one.phase === 'failed' && one
    })
    expect(seen.cause?.message).toBe('its supervisor is gone')
    await destroyed(ref)
    const command = Number((await logOf(ref)).trim())
    await until(
      async () =>
        !existsSync(`/proc/${command}`) ||
        /State:\s+Z/.test(readFileSync(`/proc/${command}/status`, 'utf8')),
    )
  })
})

describe('ports', () => {
  test('a second replica that ignores PORT fails with that reason', async () => {
    const first = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => first.once('listening', resolve))
    const address = first.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const script = `exec node -e "require('node:http').createServer().listen(${port}, '127.0.0.1')"`
    const request = requestFor(workloadWith(script, { port }), { replica: 1 })
    const ref = await started(request)
    const { reason } = await exitOf(ref)
    expect(reason).toMatch(new RegExp(`${port} is taken here: does it listen on PORT`))
    first.close()
  })

  test('also where it shares the port instead of failing', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const address = probe.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise((resolve) => probe.close(resolve))
    const script = `exec node -e "require('node:http').createServer().listen(${port}, '127.0.0.1')"`
    const ref = await started(requestFor(workloadWith(script, { port }), { replica: 1 }))
    expect((await exitOf(ref)).reason).toMatch(/^the command listens on/)
  })
})

describe('what is refused', () => {
  const refusalOf = async (request: LaunchRequest) => {
    const [offer] = (await local.inventory?.(io)) ?? []
    if (offer === undefined) throw new Error('no offer')
    const answer = local.plan(request, offer)
    return 'refusal' in answer ? answer.refusal : null
  }

  test('what only an engine gives, by name', async () => {
    const { hostPython, ...named } = workloadWith('x', {
      shmMib: 64,
      registryAuth: { username: 'u', password: 'p' },
    })
    expect(hostPython).toBeNull()
    expect((await refusalOf(requestFor(named)))?.message).toMatch(
      /no image, registry_auth, shm_size/,
    )
  })

  test('a Python that is not here', async () => {
    const plan = await planned(requestFor(workloadWith('x', { hostPython: '3.8' })))
    const error = await local.create(io, plan).catch((error: unknown) => error)
    expect(local.classify(error, { during: 'create', spot: false })).toMatchObject({
      class: 'invalid',
      code: null,
    })
    expect(await listOf('abcd1234')).toEqual([])
  })

  test('a price above the limit', async () => {
    const ready = local.readiness({
      DSTACK_OFFERS_LOCAL_RUNTIME: 'process',
      DSTACK_OFFERS_HOME: home,
      DSTACK_OFFERS_LOCAL_PRICE: '0.5',
    })
    if (ready.status !== 'ready') throw new Error('not ready')
    io = ioWith(ready.values)
    const request = requestFor(workloadWith('x'), { maxPriceNanoUsd: 1 })
    expect(await refusalOf(request)).toMatchObject({ class: 'offer-gone', scope: 'offer' })
  })

  test('destroying what is not ours', async () => {
    const ref = { backend: 'local', id: '../elsewhere', region: null, zone: null }
    await expect(local.destroy(io, ref)).rejects.toThrow(MachineForeignError)
  })

  test('a price that is none', () => {
    expect(local.readiness({ DSTACK_OFFERS_LOCAL_PRICE: 'cheap' })).toEqual({
      status: 'misconfigured',
      names: ['DSTACK_OFFERS_LOCAL_PRICE'],
    })
  })
})
