/** The server is told to end. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, plainService } from './plain-service.ts'
import { newStand, pause, type ServerUnderTest, type Stand, until } from './stand.ts'

let stand: Stand
let server: ServerUnderTest
let token = ''

beforeEach(async () => {
  stand = newStand()
  server = await stand.server()
  token = server.token ?? ''
  await stand.run('slow', plainService(''), '-b', 'local')
  await until(answerOf(0), (answer) => answer === 'answered', 30_000)
}, 60_000)
afterEach(() => stand.end())

const answerOf = (thinksMs: number) => (): Promise<string> =>
  ask(server, { run: 'slow', token, thinksMs }).then(() => 'answered', String)

test('it ends when what is in flight is answered, and takes nothing new', async () => {
  const slow = Array.from({ length: 5 }, answerOf(3000))
  await pause(500)
  server.signal('SIGTERM')
  const beganMs = performance.now()
  await until(answerOf(0), (answer) => answer !== 'answered', 2000)
  expect(await Promise.all(slow)).toEqual(slow.map(() => 'answered'))
  const { code, text } = await server.ended
  expect(code).toBe(0)
  expect(text).toContain('requests in flight end first')
  expect(performance.now() - beganMs).toBeGreaterThan(2000)
  // The run is not the server's: it goes on.
  expect(await stand.command('ps')).toMatch(/replica 0 .*running/)
}, 60_000)

test('told twice, it ends at once', async () => {
  const slow = answerOf(50_000)()
  await pause(500)
  server.signal('SIGTERM')
  await pause(500)
  const beganMs = performance.now()
  server.signal('SIGTERM')
  await server.ended
  expect(performance.now() - beganMs).toBeLessThan(10_000)
  expect(await slow).not.toBe('answered')
}, 60_000)
