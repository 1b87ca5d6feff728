import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../world.ts'

const service = (more = ''): string =>
  `type: service\ncommands: ['sleep 1']\nport: 8000\nenv:\n  TOKEN: hush-hush\nresources:\n  cpu: 1..\n  memory: 1GB..\n${more}`

let home = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'runs-'))
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

const start = (words: readonly string[], files: Readonly<Record<string, string>> = {}) =>
  run(words, {
    files: { 'serve.dstack.yml': service(), ...files },
    environment: { DSTACK_OFFERS_HOME: home },
    openCatalog: () => Promise.reject(new Error('the catalog is not asked')),
  })

test('spends nothing where nobody can say yes', async () => {
  const { code, stderr } = await start([
    'run',
    'serve.dstack.yml',
    '-b',
    'simulator',
    '--no-overlay',
  ])
  expect(code).toBe(2)
  expect(stderr).toContain('-y')
  expect((await start(['ps', '-a'])).stdout).toBe('No runs.\n')
})

test('prints what would be sent, without secret values, and sends nothing', async () => {
  const words = ['run', 'serve.dstack.yml', '-b', 'simulator', '--name', 'dry', '--dry-run']
  const { code, stdout } = await start(words)
  expect(code).toBe(0)
  expect(stdout).toContain('"simulator/')
  expect(stdout).not.toContain('hush-hush')
  expect((await start(['ps', '-a'])).stdout).toBe('No runs.\n')
})

test('where nothing is set up, this machine is the one that is offered', async () => {
  const words = ['run', 'serve.dstack.yml', '--name', 'dry', '--dry-run']
  const small = service('  disk: 50GB..\n')
  const { code, stdout } = await start(words, { 'serve.dstack.yml': small })
  expect(code).toBe(0)
  expect(stdout).toContain('"local/local/')
})

test('refuses what is no service', async () => {
  const task = 'type: task\ncommands: [x]\n'
  const { code, stderr } = await start(['run', 'task.dstack.yml', '-y'], {
    'task.dstack.yml': task,
  })
  expect(code).toBe(2)
  expect(stderr).toContain('is a task')
})

test('a variable that is set nowhere stops a run before anything is asked', async () => {
  const files = {
    'a.dstack.yml': service()
      .replace('TOKEN: hush-hush', '- TOKEN')
      .replace('env:\n  -', 'env:\n  -'),
  }
  const { code, stderr } = await start(['run', 'a.dstack.yml', '-b', 'simulator', '-y'], files)
  expect(code).toBe(2)
  expect(stderr).toContain('"TOKEN" is not set')
})

test('the books are for their owner alone', async () => {
  await start(['ps'])
  expect(statSync(join(home, 'runs.sqlite')).mode & 0o777).toBe(0o600)
})

test('an unknown run is none to stop', async () => {
  const { code, stderr } = await start(['stop', 'nobody'])
  expect(code).toBe(2)
  expect(stderr).toContain('there is no run "nobody"')
})

test('does not take a cloud that cannot be asked for one without machines', async () => {
  const { code, stderr } = await start(['reap', '-b', 'digitalocean'])
  expect(code).toBe(5)
  expect(stderr).toContain('digitalocean: cannot be used here')
  expect((await start(['reap', '-b', 'nowhere'])).code).toBe(2)
})

test('reap reports what it found, whatever the others answer', async () => {
  const words = ['reap', '--dry-run', '-o', 'json', '-b', 'digitalocean', '-b', 'simulator']
  const { code, stdout } = await start(words)
  const message = 'cannot be used here: dstack-offers doctor says why'
  const problems = [{ backend: 'digitalocean', message }]
  expect([code, JSON.parse(stdout)]).toEqual([5, { reaped: [], problems }])
})

test('says of each backend whether it can launch from here', async () => {
  const { code, stdout } = await start(['doctor', '-o', 'json'])
  expect(code).toBe(0)
  expect(stdout).toContain('"backend": "simulator"')
})
