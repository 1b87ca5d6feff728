/** A run in the foreground, as a process of its own that is interrupted. */
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pause, startProgram } from './program.ts'

const configuration = `type: service
commands:
  - >-
    node -e "require('node:http').createServer((_, response) => response.end('hello')).listen(Number(process.env.PORT))"
port: 18431:8000
resources:
  cpu: 1..
  memory: 0.1GB..
  disk: 50GB..
`

let folder = ''
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foreground-'))
})

/** What a test that failed has left running. */
const endServices = (): void => {
  const machines = join(folder, 'home', 'local', 'machines')
  if (!existsSync(machines)) return
  for (const name of readdirSync(machines)) {
    const text = readFileSync(join(machines, name, 'supervisor.json'), 'utf8')
    const pid = /"pid":\s*(\d+)/.exec(text)?.[1]
    if (pid !== undefined) process.kill(-Number(pid), 'SIGKILL')
  }
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  endServices()
  rmSync(folder, { recursive: true, force: true })
})

const start = (words: readonly string[]) => {
  const { process, until, ended } = startProgram(words, {
    DSTACK_OFFERS_HOME: join(folder, 'home'),
  })
  children.push(process)
  return { started: process, until, ended }
}

/**
 * What runs need not listen yet: until it does, the forwarded port ends each connection. Not by
 * `fetch`, whose first request never ends where its connection does before its parser is loaded.
 */
const ask = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(address, { agent: false, timeout: 2000 }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () => resolve(text))
    })
    request.on('timeout', () => request.destroy(new Error(`${address} does not answer`)))
    request.on('error', reject)
  })

const answerOf = async (address: string): Promise<string> => {
  for (let asked = 1; ; asked++) {
    try {
      return await ask(address)
    } catch (error) {
      if (asked === 400) throw error
      await pause()
    }
  }
}

const book = async (words: readonly string[]) => (await start(words).ended()).text

test('serves on this machine until it is interrupted, and leaves nothing', async () => {
  const file = join(folder, 'hello.dstack.yml')
  writeFileSync(file, configuration)
  const words = ['run', file, '-b', 'local', '--name', 'hello', '-y', '--no-overlay']
  const { started, until, ended } = start(words)
  const [, address = ''] = await until(/listening on (http:\S+)/)
  expect(await answerOf(address)).toBe('hello')
  expect(await book(['ps'])).toMatch(/replica 0 +local .*running/)
  started.kill('SIGINT')
  const { code, text } = await ended()
  expect(code).toBe(0)
  expect(text).toMatch(/attempt 1 {2}local local \S+ {2}\$0/)
  expect(await book(['pool', 'list'])).toBe('No machines.\n')
  expect(await book(['ps', '-a'])).toContain('stopped-by-user')
}, 300_000)

test('killed in the foreground, it runs on: another process sees it, and stops it', async () => {
  const file = join(folder, 'hello.dstack.yml')
  writeFileSync(file, configuration)
  const words = ['run', file, '-b', 'local', '--name', 'hello', '-y', '--no-overlay']
  const { started, until, ended } = start(words)
  await until(/listening on (http:\S+)/)
  started.kill('SIGKILL')
  await ended()
  expect(await book(['ps'])).toMatch(/replica 0 +local .*running/)
  // The lease of the one that was killed runs out first.
  expect(await book(['stop', 'hello'])).toContain('hello  terminated')
  expect(await book(['pool', 'list'])).toBe('No machines.\n')
}, 300_000)
