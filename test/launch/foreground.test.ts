/** A run in the foreground, as a process of its own that is interrupted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

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
let child: ChildProcess | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foreground-'))
})

afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const start = (words: readonly string[]) => {
  const main = ['--import', 'tsx', '-C', 'source', 'src/cli/main.ts']
  const environment = { ...process.env, DSTACK_OFFERS_HOME: join(folder, 'home') }
  const started = spawn(process.execPath, [...main, ...words], { env: environment })
  child = started
  let text = ''
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  }
  const ended = new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    started.on('exit', (code) => resolve({ code, text }))
    setTimeout(() => reject(new Error(`it goes on: ${words.join(' ')}: ${text}`)), 50_000).unref()
  })
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(text)
      if (found !== null) return found
      if (started.exitCode !== null) throw new Error(`it ended without ${String(pattern)}: ${text}`)
      await new Promise((resolve) => {
        setTimeout(resolve, 20)
      })
    }
  }
  return { started, until, ended }
}

const book = async (words: readonly string[]) => (await start(words).ended).text

test('serves on this machine until it is interrupted, and leaves nothing', async () => {
  const file = join(folder, 'hello.dstack.yml')
  writeFileSync(file, configuration)
  const words = ['run', file, '-b', 'local', '--name', 'hello', '-y', '--no-overlay']
  const { started, until, ended } = start(words)
  const [, address = ''] = await until(/listening on (http:\S+)/)
  const answer = await fetch(address, { headers: { connection: 'close' } })
  expect(await answer.text()).toBe('hello')
  expect(await book(['ps'])).toMatch(/replica 0 +local .*running/)
  started.kill('SIGINT')
  const { code, text } = await ended
  expect(code).toBe(0)
  expect(text).toMatch(/attempt 1 {2}local local \S+ {2}\$0/)
  expect(await book(['pool', 'list'])).toBe('No machines.\n')
  expect(await book(['ps', '-a'])).toContain('stopped-by-user')
}, 120_000)

test('killed in the foreground, it runs on: another process sees it, and stops it', async () => {
  const file = join(folder, 'hello.dstack.yml')
  writeFileSync(file, configuration)
  const words = ['run', file, '-b', 'local', '--name', 'hello', '-y', '--no-overlay']
  const { started, until, ended } = start(words)
  await until(/listening on (http:\S+)/)
  started.kill('SIGKILL')
  await ended
  expect(await book(['ps'])).toMatch(/replica 0 +local .*running/)
  // The lease of the one that was killed runs out first.
  expect(await book(['stop', 'hello'])).toContain('hello  terminated')
  expect(await book(['pool', 'list'])).toBe('No machines.\n')
}, 120_000)
