/** The README's Caddyfile, as far as one machine without a certificate can try it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultFrontLimits, newFront } from '#gateway/front'
import { type Gateway, newGateway } from '#gateway/gateway'
import { defaultGatewayLimits } from '#gateway/options'
import { freePort } from '#platform/listening'
import { systemHttpClock } from '#platform/http-time'

const caddyFile = '/usr/bin/caddy'
const hasCaddy = existsSync(caddyFile)
if (!hasCaddy) console.warn('skipped: caddy is not installed')

const readmeCaddyfile = (): string =>
  /```caddyfile\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return portOf(server)
}

describe.skipIf(!hasCaddy)('behind the proxy of the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caddy-'))
  const ends: (() => void)[] = []
  let caddyPort = 0

  beforeAll(async () => {
    const replica = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(request.headers)}\n\n`)
      if (request.url === '/slow') setTimeout(() => response.end('data: end\n\n'), 1500)
      else response.end()
    })
    const gateway: Gateway = newGateway({
      domain: 'example.com',
      identify: () => null,
      models: () => Promise.resolve(),
      limits: defaultGatewayLimits,
      clock: systemHttpClock,
      trustedPeer: () => true,
      events: {
        counted: () => undefined,
        answered: () => undefined,
        ejected: () => undefined,
        returned: () => undefined,
      },
    })
    const port = await listen(replica)
    const service = { runId: '1', run: 'llama', submittedMs: 0, auth: false, model: null }
    gateway.update([{ ...service, replicas: [{ id: 'a', replica: 0, host: '127.0.0.1', port }] }])
    const front = newFront({ gateway, limits: defaultFrontLimits, tls: null })
    const frontPort = await listen(front)
    caddyPort = await freePort(0)
    const site = readmeCaddyfile()
      .replace('*.example.com', `http://*.example.com:${caddyPort}`)
      .replace('127.0.0.1:3000', `127.0.0.1:${frontPort}`)
      .replace(/^\s*tls .*$/m, '')
    const file = join(folder, 'Caddyfile')
    writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${site}`)
    const environment = { ...process.env, HOME: folder, XDG_DATA_HOME: folder }
    const caddy = spawn(caddyFile, ['run', '--config', file, '--adapter', 'caddyfile'], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    ends.push(() => caddy.kill('SIGKILL'))
    for (const server of [replica, front]) {
      ends.push(() => {
        server.closeAllConnections()
        server.close()
      })
    }
    for (let tries = 0; tries < 200; tries += 1) {
      const up = await get('/').catch(() => null)
      if (up !== null) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('caddy did not start')
  }, 30_000)

  afterAll(() => {
    for (const end of ends) end()
    rmSync(folder, { recursive: true, force: true })
  })

  const get = (path: string, onData: (text: string) => void = () => undefined) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { host: `llama.example.com:${caddyPort}` }
      const call = httpRequest({ host: '127.0.0.1', port: caddyPort, path, headers }, (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          onData(text)
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      })
      call.on('error', reject)
      call.end()
    })

  test('the service knows which host was meant, and who asked', async () => {
    const { status, text } = await get('/')
    expect(status).toBe(200)
    expect(text).toContain(`"x-forwarded-host":"llama.example.com:${caddyPort}"`)
    expect(text).toMatch(/"x-forwarded-for":"127\.0\.0\.1/)
    expect(text).toContain('"x-forwarded-proto":"http"')
  })

  test('what streams is passed on as it comes', async () => {
    const seen: string[] = []
    await get('/slow', (text) => seen.push(text))
    expect(seen[0]).not.toContain('end')
    expect(seen.at(-1)).toContain('data: end')
  })
})
