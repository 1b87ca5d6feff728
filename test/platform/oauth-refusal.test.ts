import { afterEach, describe, expect, test } from 'vitest'
import { azure } from '#backends/azure/backend'
import { endpointVariable } from '#backends/kit/endpoint'
import { KnownError } from '#domain/errors'
import { defaultBackoff, defaultHttpLimits, newHttpClient } from '#platform/http'
import { oauthRefusalIn } from '#platform/oauth-refusal'
import { refresh } from '#refresh/refresh'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { euroRatesReply } from '../contract/euro-rates.ts'
import { type Reply, type ScriptedServer, startServer } from '../contract/scripted-server.ts'
import { newTestClock } from '../contract/test-clock.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const serve = async (reply: Reply): Promise<ScriptedServer> => {
  const server = await startServer(() => reply)
  open.push(server)
  return server
}

const refused = (body: unknown): Reply => ({ status: 400, body: JSON.stringify(body) })

const errorOf = async (reply: Reply, secretBody: boolean) => {
  const server = await serve(reply)
  const http = newHttpClient({
    clock: newTestClock(),
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: () => 0,
    stash: null,
  })
  open.unshift(http)
  try {
    await http.send({
      method: 'POST',
      url: new URL(`${server.url}/token`),
      body: 'grant_type=client_credentials',
      secretBody,
      limit: { intervalMs: 0, atOnce: 1 },
      signal: new AbortController().signal,
    })
  } catch (error) {
    if (error instanceof KnownError) return { code: error.code, message: error.message, server }
    throw error
  }
  throw new Error('no error')
}

describe('a token endpoint that answers HTTP 400', () => {
  test.each(['invalid_grant', 'invalid_client', 'invalid_request', 'unauthorized_client'])(
    'with %s rejects the credentials, after one attempt, without the words of the answer',
    async (name) => {
      const reply = refused({ error: name, error_description: 'a canary of the answer' })
      const { code, message, server } = await errorOf(reply, true)
      expect(code).toBe('upstream-credentials')
      expect(message).toContain(`rejects the credentials (HTTP 400, ${name})`)
      expect(message).not.toContain('canary')
      expect(server.asked.length).toBe(1)
    },
  )

  test('with anything else refuses the call', async () => {
    for (const body of [
      { error: 'invalid_scope' },
      { error: { code: 'invalid_grant' } },
      null,
      [],
    ]) {
      const { code, message } = await errorOf(refused(body), true)
      expect(code).toBe('upstream-refused')
      expect(message).toMatch(/answered HTTP 400$/)
    }
    expect((await errorOf({ status: 400, body: '<html>' }, true)).code).toBe('upstream-refused')
  })

  test('to a call that holds no credentials in its body refuses the call', async () => {
    const { code } = await errorOf(refused({ error: 'invalid_grant' }), false)
    expect(code).toBe('upstream-refused')
  })
})

test('a name that is no refusal is none, whatever it holds', () => {
  for (const text of ['', '{', '{"error":"__proto__"}', '{"error":7}', '"invalid_grant"']) {
    expect(oauthRefusalIn(text)).toBeNull()
  }
})

test('a wrong secret of Azure is told as rejected credentials', async () => {
  const home = mkdtempSync(join(tmpdir(), 'dstack-offers-oauth-'))
  const rates = await startServer(() => euroRatesReply('2026-11-24', '1.25'))
  open.push(rates)
  const server = await serve(refused({ error: 'invalid_client', error_description: 'AADSTS' }))
  const report = await refresh({
    backends: [azure],
    environment: {
      AZURE_TENANT_ID: 'a-tenant',
      AZURE_CLIENT_ID: 'an-id',
      AZURE_CLIENT_SECRET: 'a-secret',
      AZURE_SUBSCRIPTION_ID: 'a-subscription',
      [endpointVariable('azure')]: server.url,
      [endpointVariable('ecb')]: rates.url,
      DSTACK_OFFERS_HOME: home,
    },
    clock: newTestClock(),
  })
  rmSync(home, { recursive: true, force: true })
  expect(report.backends[0]?.problem?.code).toBe('upstream-credentials')
})
