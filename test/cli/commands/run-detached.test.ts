/** `run -d` beside a server: what it prints is good at once, and where the server says it is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
// Loaded by now, so that what takes its time is the wait alone.
import '#cli/leave-run'
import { openStateFile } from '#runs/state-file'
import { newStore } from '#runs/store'
import { announceServer, type ServerUrls } from '#server/server-file'
import { run } from '../world.ts'

const service =
  'type: service\ncommands: [sleep 1]\nport: 8000\nresources:\n  cpu: 1..\n  memory: 1GB..\n'

/** A server is announced, and this test takes runs up in its place. */
const beside = (urls: ServerUrls, { onTestFinished }: TestContext) => {
  const home = mkdtempSync(join(tmpdir(), 'detached-'))
  const environment = { DSTACK_OFFERS_HOME: home }
  announceServer(environment, urls)
  const store = newStore(openStateFile(join(home, 'runs.sqlite')), () => Date.now())
  onTestFinished(() => {
    store.close()
    rmSync(home, { recursive: true, force: true })
  })
  const words = ['run', 'serve.dstack.yml', '-b', 'simulator', '-d', '-y', '--name', 'web']
  const ended = run([...words, '--no-files', '--no-overlay'], {
    files: { 'serve.dstack.yml': service },
    environment,
    openCatalog: () => Promise.reject(new Error('the catalog is not asked')),
  })
  return { store, ended }
}

const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs)
  })

const plain = {
  url: 'http://127.0.0.1:3000',
  serviceUrl: 'http://127.0.0.1:3000/services/<run>/',
}

test('it ends when the server knows the run, and not before', async (context) => {
  const { store, ended } = beside(plain, context)
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  while (store.runNamed('web') === null) await pause(5)
  await pause(300)
  expect(hasEnded).toBe(false)
  store.noteServed(store.runNamed('web')?.id ?? '', Date.now())
  const { code, stdout, stderr } = await ended
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('web is left to the server: http://127.0.0.1:3000/services/web/\n')
})

test('behind TLS the address is the one with a certificate', async (context) => {
  const serviceUrl = 'https://<run>.example.com:8443'
  const { store, ended } = beside({ ...plain, serviceUrl }, context)
  while (store.runNamed('web') === null) await pause(5)
  store.noteServed(store.runNamed('web')?.id ?? '', Date.now())
  expect((await ended).stdout).toContain(
    'web is left to the server: https://web.example.com:8443\n',
  )
})

test('a server that takes nothing up is not waited for for ever', async (context) => {
  const { code, stdout, stderr } = await beside(plain, context).ended
  expect(code).toBe(0)
  expect(stderr).toContain('has not taken web up yet')
  expect(stdout).toContain('web is left to the server')
}, 30_000)
