import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { gcpReadiness } from '#backends/gcp/credentials'
import { signedToken } from '#platform/rs256'
import { runImporter } from '../../contract/run-importer.ts'
import {
  brokenFile,
  gcpCase,
  keyCase,
  keylessFile,
  keyPair,
  otherFile,
  serviceAccountFile,
  userFile,
} from './gcp-case.ts'

const withFile = (
  GOOGLE_APPLICATION_CREDENTIALS: string,
  more: Readonly<Record<string, string>> = {},
) => ({
  ...gcpCase,
  credentials: { GOOGLE_APPLICATION_CREDENTIALS, ...more },
})

test('nothing set is missing, with the names; a project alone is half', () => {
  expect(gcpReadiness({ HOME: '/home/someone' })).toEqual({
    status: 'missing',
    names: ['GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_CLOUD_API_KEY or GCP_API_KEY'],
  })
  expect(gcpReadiness({ GOOGLE_CLOUD_PROJECT: 'p' })).toEqual({
    status: 'misconfigured',
    names: ['GOOGLE_APPLICATION_CREDENTIALS'],
  })
})

test('the file of gcloud counts where a project is named', () => {
  const project = { GOOGLE_CLOUD_PROJECT: 'p' }
  const file = 'application_default_credentials.json'
  expect(gcpReadiness({ ...project, HOME: '/h' })).toEqual({
    status: 'ready',
    values: { project: 'p', defaultFile: `/h/.config/gcloud/${file}` },
  })
  expect(gcpReadiness({ ...project, HOME: '/h', CLOUDSDK_CONFIG: '/c' })).toMatchObject({
    values: { defaultFile: `/c/${file}` },
  })
  expect(gcpReadiness({ ...project, APPDATA: 'C:/a' })).toMatchObject({
    values: { defaultFile: `C:/a/gcloud/${file}` },
  })
  expect(gcpReadiness({ GCP_API_KEY: 'k', GOOGLE_APPLICATION_CREDENTIALS: '/f' })).toEqual({
    status: 'ready',
    values: { key: 'k', file: '/f' },
  })
})

test('a service account asks for a token with a signed assertion, at no address of its file', async () => {
  const { server } = await runImporter(withFile(serviceAccountFile))
  const form = new URLSearchParams(server.asked[0]?.body)
  expect(server.asked[0]?.path).toBe('/token/token')
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey(keyPair.privateKey),
    Buffer.from(signature, 'base64url'),
  )
  expect(isSigned).toBe(true)
  const issuedAt = Date.parse('2026-11-24T12:00:00Z') / 1000
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))).toEqual({
    iss: 'offers@a-project.iam.gserviceaccount.com',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: 'https://oauth2.googleapis.com/token',
    iat: issuedAt,
    exp: issuedAt + 3600,
  })
  const later = server.asked.slice(1)
  expect(new Set(later.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer canary-gcp-token-82']),
  )
})

test('a login of gcloud gives a token by its refresh token, and names who is billed', async () => {
  const { server } = await runImporter(withFile(userFile, { GOOGLE_CLOUD_PROJECT: 'a-project' }))
  const form = new URLSearchParams(server.asked[0]?.body)
  expect(form.get('grant_type')).toBe('refresh_token')
  expect(form.get('refresh_token')).toBe('canary-gcp-refresh-81')
  expect(server.asked[1]?.headers['x-goog-user-project']).toBe('a-project')
})

test('an API key beside an account reads the prices', async () => {
  const { server } = await runImporter(withFile(serviceAccountFile, { GCP_API_KEY: 'a-key' }))
  const prices = server.asked.filter(({ path }) => path.startsWith('/v1/'))
  expect(prices.every(({ headers }) => headers['x-goog-api-key'] === 'a-key')).toBe(true)
  expect(prices.every(({ headers }) => headers.authorization === undefined)).toBe(true)
})

test.each([
  ['cannot be read', '/nowhere/at/all.json'],
  // A folder.
  ['cannot be read', '/'],
  ['is no key of a service account', otherFile],
  ['is no key of a service account', brokenFile],
  ['holds no private key of RSA', keylessFile],
  ['names no project', userFile],
])('a credentials file that %s is told as such', async (why, file) => {
  const run = runImporter(withFile(file))
  await expect(run).rejects.toThrow(why)
  await expect(run).rejects.toMatchObject({ code: 'upstream-credentials' })
})

test('the variable that names the file is told', async () => {
  await expect(runImporter(withFile('/nowhere/at/all.json'))).rejects.toThrow(
    'the credentials file of GOOGLE_APPLICATION_CREDENTIALS cannot be read',
  )
})

test('an API key that Google rejects, which it does with HTTP 400, is told as such', async () => {
  const wrong = { status: 400, body: '{"error":{"status":"INVALID_ARGUMENT"}}' }
  const run = runImporter(keyCase, () => wrong)
  await expect(run).rejects.toMatchObject({ code: 'upstream-credentials' })
  await expect(run).rejects.toThrow('Google rejects the API key')
  const account = runImporter(gcpCase, (asked, good) =>
    asked.path.startsWith('/v1/') ? wrong : good(),
  )
  await expect(account).rejects.toMatchObject({ code: 'upstream-refused' })
})

test('a project without a file of gcloud, and without a key, is told', async () => {
  const one = { ...gcpCase, credentials: { GOOGLE_CLOUD_PROJECT: 'p', HOME: '/nowhere' } }
  await expect(runImporter(one)).rejects.toThrow('is not there')
})

test('keys of another kind sign nothing', () => {
  expect(signedToken('no key', { iss: 'a' })).toBeNull()
})
