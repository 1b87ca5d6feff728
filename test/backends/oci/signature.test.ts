/** Against the example that Oracle publishes. */
import { generateKeyPairSync } from 'node:crypto'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { httpDate, privateKeyOf, signatureHeaders } from '#backends/oci/signature'
import { openAdapter } from '../../contract/adapter-under-test.ts'
import { readFixture } from '../read-fixture.ts'
import { account } from './oci-answers.ts'
import { ociLaunchCase } from './oci-launch-case.ts'

interface Example {
  readonly url: string
  readonly body: string
  readonly headers: string
  readonly signature: string
}

const published = readFixture('oci', 'signatures.json') as {
  readonly privateKey: string
  readonly keyId: string
  readonly date: string
  readonly get: Example
  readonly post: Example
}

const theKey = () => {
  const privateKey = privateKeyOf(published.privateKey, null)
  if (privateKey === null) throw new Error('the published key cannot be read')
  return { id: published.keyId, privateKey }
}

test.each(['get', 'post'] as const)('signs the published %s as Oracle does', (method) => {
  const { url, body, headers, signature } = published[method]
  const call = { method: method.toUpperCase(), url: new URL(url), body }
  expect(signatureHeaders(call, theKey(), published.date)['authorization']).toBe(
    `Signature version="1",headers="${headers}",keyId="${published.keyId}",algorithm="rsa-sha256",signature="${signature}"`,
  )
})

test('writes dates as HTTP does', () => {
  for (let day = 0; day < 3000; day += 1) {
    const date = new Date(Date.UTC(2023, 11, 1 + day, day % 24, day % 60, 7))
    expect(httpDate(`${date.toISOString().slice(0, 19)}Z`)).toBe(date.toUTCString())
  }
})

test('takes keys with a passphrase, and no others than RSA', () => {
  const locked = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' },
  }).privateKey
  expect(privateKeyOf(locked, 'open')).not.toBeNull()
  expect(privateKeyOf(locked, 'shut')).toBeNull()
  expect(privateKeyOf(locked, null)).toBeNull()
  const { privateKey } = generateKeyPairSync('ed25519')
  expect(
    privateKeyOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), null),
  ).toBeNull()
  expect(privateKeyOf('no key', null)).toBeNull()
})

test('the fake takes what is signed by the rules, and nothing else', async () => {
  const under = await openAdapter(ociLaunchCase)
  const { fake, clock } = under
  const privateKey = privateKeyOf(account.privateKey, null)
  if (privateKey === null) throw new Error('the key of the fake cannot be read')
  const id = `${account.tenancy}/${account.user}/${account.fingerprint}`
  const url = new URL(`${fake.url}/iaas/eu-paris-1/20160918/vcns`)
  const call = { method: 'POST', url, body: '{"compartmentId":"one"}' }
  const dateAt = (ms: number): string => new Date(ms).toUTCString()
  const now = dateAt(clock.nowMs())
  const statusOf = async (sent = call, signed = call, key = { id, privateKey }, date = now) => {
    const headers = signatureHeaders(signed, key, date)
    const { statusCode, body } = await request(sent.url, {
      method: 'POST',
      headers,
      body: sent.body,
    })
    await body.dump()
    return statusCode
  }
  try {
    expect(await statusOf()).toBe(200)
    expect(await statusOf({ ...call, body: '{"compartmentId":"two"}' })).toBe(401)
    expect(await statusOf({ ...call, url: new URL(`${url.href}?a=b`) })).toBe(401)
    expect(await statusOf(call, { ...call, method: 'PUT' })).toBe(401)
    expect(await statusOf(call, call, { id: `${id}0`, privateKey })).toBe(401)
    expect(await statusOf(call, call, theKey())).toBe(401)
    expect(await statusOf(call, call, { ...theKey(), id })).toBe(401)
    const old = dateAt(clock.nowMs() - 301_000)
    expect(await statusOf(call, call, { id, privateKey }, old)).toBe(401)
  } finally {
    await under.close()
  }
})
