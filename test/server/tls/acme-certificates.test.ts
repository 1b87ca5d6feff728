/** Against a real ACME server: what is issued is what a client of the gateway is shown. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, test, type TestContext } from 'vitest'
import {
  type AcmeCertificates,
  type AcmeOptions,
  letsEncrypt,
  newAcmeCertificates,
} from '#server/tls/acme-certificates'
import { UpstreamUnreachableError } from '#domain/errors'
import { systemHttpClock } from '#platform/http-time'
import { freePort } from '#platform/listening'
import { startPebble, whyNoPebble } from './pebble.ts'

const reason = whyNoPebble()
if (reason !== null) console.log(`skipped, ACME: ${reason}`)

/** Pebble's certificates last for five years. */
const lifeMs = 5 * 365 * 24 * 60 * 60 * 1000

interface Shown {
  readonly serial: string
  readonly isTrusted: boolean
}

const listen = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

/** What a client is shown that asks for a name; null where the handshake fails. */
const handshake = (port: number, servername: string, ca: string): Promise<Shown | null> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername, ca, rejectUnauthorized: false })
    socket.on('secureConnect', () => {
      resolve({ serial: socket.getPeerCertificate().serialNumber, isTrusted: socket.authorized })
      socket.destroy()
    })
    socket.on('error', () => resolve(null))
  })

const newHarness = async ({ onTestFinished }: TestContext, email: string | null = null) => {
  const folder = mkdtempSync(join(tmpdir(), 'acme-'))
  const clock = { ...systemHttpClock, aheadMs: 0, nowMs: () => Date.now() + clock.aheadMs }
  const own = { hosts: ['web', 'api', 'gateway'].map((name) => `${name}.gateway.test`) }
  const events: string[] = []
  let asked = 0
  let certificates: AcmeCertificates | null = null
  let answers = true
  const plain = createServer((request, response) => {
    const path = request.url ?? ''
    asked += path.startsWith('/.well-known/acme-challenge/') ? 1 : 0
    const proof = answers ? (certificates?.answer(path) ?? null) : null
    response.writeHead(proof === null ? 404 : 200).end(proof ?? '')
  })
  const pebble = await startPebble(folder, await listen(plain))
  const options: AcmeOptions = {
    folder: join(folder, 'tls'),
    directoryUrl: pebble.directoryUrl,
    directoryCa: pebble.directoryCa,
    email,
    termsAgreed: true,
    isOurs: (host) => own.hosts.includes(host),
    clock,
    random: () => 0,
    events: {
      issued: (host) => events.push(`issued ${host}`),
      failed: (host, error) => events.push(`failed ${host}: ${String(error)}`),
      putOff: (host) => events.push(`put off ${host}`),
    },
  }
  const restart = (): AcmeCertificates => {
    certificates = newAcmeCertificates(options)
    return certificates
  }
  restart()
  const secure = createTlsServer({
    SNICallback: (name, done) => {
      certificates?.secureContext(name).then(
        (context) => done(null, context),
        (error: unknown) => done(error as Error),
      )
    },
  })
  const port = await listen(secure)
  const root = await pebble.root()
  onTestFinished(() => {
    pebble.close()
    plain.close()
    secure.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    folder,
    own,
    clock,
    events,
    restart,
    asked: () => asked,
    hear: (value: boolean) => {
      answers = value
    },
    visit: (host: string) => handshake(port, host, root),
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}

test.skipIf(reason !== null)(
  'issued at the first visit, kept, and renewed in time',
  async (context) => {
    const { folder, clock, events, restart, visit } = await newHarness(
      context,
      'somebody@gateway.test',
    )

    const visitors = await Promise.all([
      visit('web.gateway.test'),
      visit('WEB.gateway.test'),
      visit('api.gateway.test'),
    ])
    expect(visitors.map((shown) => shown?.isTrusted)).toEqual([true, true, true])
    expect(visitors[0]?.serial).toBe(visitors[1]?.serial)
    expect(visitors[0]?.serial).not.toBe(visitors[2]?.serial)
    expect([...events].sort()).toEqual(['issued api.gateway.test', 'issued web.gateway.test'])

    const kept = readdirSync(join(folder, 'tls'), { recursive: true, withFileTypes: true })
    const modes = kept.map((one) => statSync(join(one.parentPath, one.name)).mode & 0o077)
    expect(
      kept
        .filter((one) => one.isFile())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['account.pem', 'api.gateway.test.pem', 'web.gateway.test.pem'])
    expect(modes.every((mode) => mode === 0)).toBe(true)

    restart()
    expect((await visit('web.gateway.test'))?.serial).toBe(visitors[0]?.serial)
    expect(events.length).toBe(2)

    clock.aheadMs = lifeMs * 0.7
    expect((await visit('web.gateway.test'))?.serial, 'nobody waits').toBe(visitors[0]?.serial)
    await until(() => events.length === 3)
    expect((await visit('web.gateway.test'))?.serial).not.toBe(visitors[0]?.serial)
  },
  60_000,
)

test.skipIf(reason !== null)(
  'without visitors, what is due is renewed by the loop',
  async (context) => {
    const { folder, own, clock, events, restart, visit } = await newHarness(context)
    await visit('web.gateway.test')
    clock.aheadMs = lifeMs * 0.6
    const stop = new AbortController()
    const stopped = restart().tend(stop.signal)
    stop.abort()
    await stopped
    expect(events.length, 'not due yet').toBe(1)

    clock.aheadMs = lifeMs * 0.7
    const again = new AbortController()
    const ended = restart().tend(again.signal)
    await until(() => events.length === 2)
    again.abort()
    await ended
    expect(events).toEqual(['issued web.gateway.test', 'issued web.gateway.test'])

    clock.aheadMs = lifeMs * 3
    own.hosts = []
    const last = new AbortController()
    const over = restart().tend(last.signal)
    last.abort()
    await over
    const kept = readdirSync(join(folder, 'tls'), { recursive: true }).map(String)
    expect(kept.filter((name) => name.includes('web.gateway.test'))).toEqual([])
    expect(events.length).toBe(2)
  },
  60_000,
)

test.skipIf(reason !== null)(
  'names that are not ours are never ordered',
  async (context) => {
    const { events, asked, visit } = await newHarness(context)
    const hosts = [
      'other.gateway.test',
      'web.gateway.test.evil.test',
      'web',
      '..',
      'web.gateway.test/',
    ]
    for (const host of hosts) expect(await visit(host), host).toBe(null)
    expect(asked()).toBe(0)
    expect(events).toEqual([])
  },
  60_000,
)

test.skipIf(reason !== null)(
  'after a failure the directory is left alone for a while',
  async (context) => {
    const { clock, events, asked, hear, restart, visit } = await newHarness(context)
    hear(false)
    expect(await visit('gateway.gateway.test')).toBe(null)
    expect(events).toEqual([
      expect.stringMatching(/^failed gateway\.gateway\.test: .*(404|403|unauthorized)/i),
    ])
    const asks = asked()
    hear(true)
    expect(await visit('gateway.gateway.test')).toBe(null)
    clock.aheadMs = 8 * 60_000 - 1000
    expect(await visit('gateway.gateway.test')).toBe(null)
    expect(asked()).toBe(asks)
    restart()
    expect(await visit('gateway.gateway.test'), 'nor by the next process').toBe(null)
    expect(asked()).toBe(asks)
    expect(events.slice(1)).toEqual(['put off gateway.gateway.test'])
    clock.aheadMs = 8 * 60_000 + 1000
    expect((await visit('gateway.gateway.test'))?.isTrusted).toBe(true)
    expect(events.at(-1)).toBe('issued gateway.gateway.test')
  },
  60_000,
)

test('a directory that does not answer is named, with what the connection failed of', async ({
  onTestFinished,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'acme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const directoryUrl = `https://127.0.0.1:${await freePort(0)}/dir`
  const errors: unknown[] = []
  const certificates = newAcmeCertificates({
    ...nothing,
    folder,
    directoryUrl,
    termsAgreed: true,
    events: { ...nothing.events, failed: (_, error) => errors.push(error) },
  })
  expect(await certificates.secureContext('web.gateway.test')).toBe(undefined)
  expect(errors).toEqual([expect.any(UpstreamUnreachableError)])
  expect(String(errors[0])).toContain(`"${directoryUrl}" does not answer: ECONNREFUSED`)
})

const nothing: AcmeOptions = {
  folder: '/nowhere',
  directoryUrl: letsEncrypt,
  directoryCa: null,
  email: null,
  termsAgreed: false,
  isOurs: () => true,
  clock: systemHttpClock,
  random: Math.random,
  events: { issued: () => undefined, failed: () => undefined, putOff: () => undefined },
}

test('terms are agreed to by the user, and a directory is an https URL', () => {
  expect(() => newAcmeCertificates(nothing)).toThrow(/agree to its terms/)
  const plain = { ...nothing, termsAgreed: true, directoryUrl: 'http://127.0.0.1/dir' }
  expect(() => newAcmeCertificates(plain)).toThrow(/is no ACME directory/)
})
