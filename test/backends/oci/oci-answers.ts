/** What the fakes of Oracle share: how it refuses, and what it signs. */
import { createHash, generateKeyPairSync, verify } from 'node:crypto'
import type { FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'

export const ociRefusal = (
  status: number,
  code: string,
  message = 'it was refused',
): FakeReply => ({
  status,
  json: { code, message },
})

export const notThere = ociRefusal(
  404,
  'NotAuthorizedOrNotFound',
  'Authorization failed or requested resource not found.',
)

/** A small one: the tests sign hundreds of thousands of calls. */
const keys = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export const account = {
  tenancy: 'ocid1.tenancy.oc1..canary-tenancy-41',
  user: 'ocid1.user.oc1..canary-user-42',
  fingerprint: '20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:43',
  compartment: 'ocid1.compartment.oc1..canary-compartment-44',
  privateKey: keys.privateKey,
}

const alwaysSigned = ['(request-target)', 'host']
const withBody = [...alwaysSigned, 'content-length', 'content-type', 'x-content-sha256']

const partsOf = (authorization: string): ReadonlyMap<string, string> =>
  new Map(
    [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )

/** Some signs may be written in two ways, and are signed as they are written. */
const targetsOf = ({ method, path, query }: FakeRequest): readonly string[] => {
  const strict = query.size === 0 ? '' : `?${query.toString()}`
  const spaced = strict.replaceAll('+', '%20')
  return [strict, spaced, spaced.replaceAll('%3A', ':')].map(
    (search) => `${method.toLowerCase()} ${path}${search}`,
  )
}

const fiveMinutesMs = 300_000

/** By the rules that Oracle publishes: what has to be signed is, by this key, and just now. */
export const isSigned = (request: FakeRequest, nowMs: number): boolean => {
  const { headers, text } = request
  const parts = partsOf(headers.authorization ?? '')
  const names = parts.get('headers')?.toLowerCase().split(' ') ?? []
  const wanted = text === '' ? alwaysSigned : withBody
  // Where a client cannot write the one, it writes the other.
  const date = ['x-date', 'date'].find((name) => names.includes(name))
  if (date === undefined || !wanted.every((name) => names.includes(name))) return false
  const dateMs = Date.parse(String(headers[date]))
  if (!(Math.abs(dateMs - nowMs) <= fiveMinutesMs)) return false
  const digest = createHash('sha256').update(text).digest('base64')
  if (text !== '' && headers['x-content-sha256'] !== digest) return false
  const textFor = (target: string): string =>
    names
      .map((name) => `${name}: ${name === '(request-target)' ? target : String(headers[name])}`)
      .join('\n')
  const signature = Buffer.from(parts.get('signature') ?? '', 'base64')
  const { tenancy, user, fingerprint } = account
  return (
    parts.get('version') === '1' &&
    parts.get('algorithm') === 'rsa-sha256' &&
    parts.get('keyId') === `${tenancy}/${user}/${fingerprint}` &&
    targetsOf(request).some((target) =>
      verify('sha256', Buffer.from(textFor(target)), keys.publicKey, signature),
    )
  )
}
