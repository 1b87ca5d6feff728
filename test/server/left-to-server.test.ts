/** A run that is left to a real server, and a server that takes over from one that was killed. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leaseMs } from '#runs/lease'
import { ask, plainService } from '../serving/plain-service.ts'
import { newStand, type Stand, until } from '../serving/stand.ts'

const detached = ['-d', '-y', '--no-files', '--no-overlay', '-b', 'local']

let stand: Stand
beforeEach(() => {
  stand = newStand()
})
afterEach(() => stand.end())

test('the address of a run is good as soon as it is printed', async () => {
  const server = await stand.server()
  const file = stand.write('web.dstack.yml', plainService('auth: false\n'))
  const said = await stand.command('run', file, ...detached, '--name', 'web')
  expect(said).toContain(`web is left to the server: ${server.url}/services/web/`)
  expect(said).not.toContain('warning')
  // Held until there is a replica.
  expect(await ask(server, { run: 'web', token: '' })).toBeGreaterThan(0)
}, 60_000)

test('the runs of a server that was killed are looked after as soon as another is up', async () => {
  const first = await stand.server()
  await stand.run('web', plainService('auth: false\n'), '-b', 'local')
  await ask(first, { run: 'web', token: '' })
  first.signal('SIGKILL')
  await first.ended
  const killedMs = performance.now()
  await stand.server()
  const file = stand.write('late.dstack.yml', plainService('auth: false\n'))
  await stand.command('run', file, ...detached, '--name', 'late')
  await until(
    () => stand.machines().length,
    (count) => count === 2,
    30_000,
  )
  const tookMs = performance.now() - killedMs
  console.info(
    `killed: after ${Math.round(tookMs)} ms the next server had made a machine; the lease lasts ${leaseMs} ms`,
  )
  expect(tookMs).toBeLessThan(leaseMs)
}, 90_000)
