/** Files over HTTP: what is too large, and what a message may tell. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Downloads, newDownloads } from '#platform/http-download'
import { type ScriptedServer, startServer } from '../contract/scripted-server.ts'

let server: ScriptedServer
let downloads: Downloads
beforeEach(async () => {
  server = await startServer(({ path }) => {
    if (path === '/reset') return 'reset'
    if (path === '/loop') return { status: 302, headers: { location: '/loop' } }
    return { body: 'x'.repeat(100) }
  })
  const signal = AbortSignal.timeout(20_000)
  downloads = newDownloads({ signal, limitBytes: 50, firstRetryMs: 1 })
})
afterEach(async () => {
  await downloads.close()
  await server.close()
})

test.each([
  ['/large', 'is larger than 50 bytes'],
  ['/reset', 'UND_ERR_SOCKET'],
  ['/loop', 'redirects in a circle'],
])('%s', async (path, message) => {
  const address = new URL(`${server.url}${path}?token=secret`)
  const error = await downloads.get(address).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(String(error)).toContain(message)
  expect(String(error)).not.toContain('secret')
})
