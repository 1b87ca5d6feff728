import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { announceServer, serverHere, withdrawServer } from '#server/server-file'

const home = mkdtempSync(join(tmpdir(), 'server-file-'))
const urls = {
  url: 'http://127.0.0.1:3000',
  serviceUrl: 'http://127.0.0.1:3000/services/<run>/',
}
const environment = { DSTACK_OFFERS_HOME: home }
afterEach(() => rmSync(home, { recursive: true, force: true }))

test('a server is found while it lives', () => {
  expect(serverHere(environment)).toBeNull()
  announceServer(environment, urls)
  expect(serverHere(environment)).toMatchObject({
    pid: process.pid,
    ...urls,
  })
  withdrawServer(environment)
  expect(serverHere(environment)).toBeNull()
})

test('one that has died is not', () => {
  announceServer(environment, urls)
  const write = (place: object) =>
    writeFileSync(join(home, 'server.json'), JSON.stringify({ ...urls, ...place }))
  write({ pid: 2 ** 22 + 1, born: '1' })
  expect(serverHere(environment)).toBeNull()
  write({ pid: process.pid, born: 'before another one had its number' })
  expect(serverHere(environment)).toBeNull()
  writeFileSync(join(home, 'server.json'), '{"pid":')
  expect(serverHere(environment)).toBeNull()
})
