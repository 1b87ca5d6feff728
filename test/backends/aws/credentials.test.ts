import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { awsAccess, awsReadiness } from '#backends/aws/credentials'
import { newImportIo } from '#backends/kit/io'
import { defaultBackoff, defaultHttpLimits, newHttpClient } from '#platform/http'
import { readTextFile } from '#platform/text-files'
import { type Asked, type Reply, startServer } from '../../contract/scripted-server.ts'
import { newTestClock } from '../../contract/test-clock.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A home folder with the two files. */
const homeWith = (credentials: string, config: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-aws-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'credentials'), credentials)
  writeFileSync(join(folder, 'config'), config)
  return folder
}

const role = (id: string): Reply => ({
  body:
    '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>' +
    `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>role&amp;secret</SecretAccessKey>` +
    '<SessionToken>role token</SessionToken><Expiration>2026-11-24T13:00:00Z</Expiration></Credentials>' +
    '</AssumeRoleResult></AssumeRoleResponse>',
})

const accessOf = async (
  environment: Readonly<Record<string, string>>,
  respond: (asked: Asked) => Reply = () => ({ status: 500 }),
) => {
  const server = await startServer(respond)
  const http = newHttpClient({
    clock: newTestClock(),
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: () => 0,
    stash: null,
  })
  closing.push(
    () => http.close(),
    () => server.close(),
  )
  const readiness = awsReadiness(environment)
  if (readiness.status !== 'ready') throw new Error(`not ready: ${readiness.names.join()}`)
  const secrets = new Set<string>()
  const io = newImportIo({
    http,
    endpoint: server.url,
    hosts: { sts: `${server.url}/sts/{region}` },
    limit: { intervalMs: 0, atOnce: 1 },
    signal: new AbortController().signal,
    credentials: readiness.values,
    observation: { source: 'the test', observedAt: '2026-11-24T12:00:00Z' },
    instant: () => '2026-11-24T12:00:00Z',
    readFile: readTextFile,
    keepSecret: (value) => secrets.add(value),
    readings: null,
  })
  return { access: await awsAccess(io), asked: server.asked, secrets }
}

const profileIn = (folder: string, name: string) => ({
  AWS_PROFILE: name,
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  AWS_CONFIG_FILE: join(folder, 'config'),
})

const credentialsText = `# keys
[default]
aws_access_key_id = AKDEFAULT
aws_secret_access_key=default/secret+==

[ dev ]
AWS_ACCESS_KEY_ID = AKDEV ; mine
aws_secret_access_key = dev#secret
aws_session_token = dev-token
s3 =
  max_concurrent_requests = 20
`

const configText = `[default]
region = eu-west-3
[profile dev]
region = eu-north-1
aws_access_key_id = AKOTHER
[profile admin]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = dev
external_id = an id
region = ap-south-1
[profile chained]
role_arn = arn:aws:iam::123456789012:role/second
source_profile = admin
[profile circle]
role_arn = arn:aws:iam::123456789012:role/a
source_profile = circle
[profile loop]
role_arn = arn:aws:iam::123456789012:role/a
source_profile = loop-back
[profile loop-back]
role_arn = arn:aws:iam::123456789012:role/b
source_profile = loop
[profile self]
role_arn = arn:aws:iam::123456789012:role/a
source_profile = self
aws_access_key_id = AKSELF
aws_secret_access_key = self-secret
[profile token]
role_arn = arn:aws:iam::123456789012:role/a
source_profile = dev
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile sso]
sso_session = work
[profile program]
credential_process = /bin/keys
[profile web]
role_arn = arn:aws:iam::123456789012:role/a
web_identity_token_file = /a/token
[profile empty]
region = eu-west-1
`

test('half a pair of keys is a mistake; none at all leaves the public prices', () => {
  expect(awsReadiness({ AWS_ACCESS_KEY_ID: 'AK' })).toEqual({
    status: 'misconfigured',
    names: ['AWS_SECRET_ACCESS_KEY'],
  })
  expect(awsReadiness({ HOME: '/nowhere' })).toEqual({ status: 'ready', values: {} })
})

test('keys of variables count before a profile', async () => {
  const { access } = await accessOf({
    AWS_PROFILE: 'dev',
    AWS_ACCESS_KEY_ID: 'AKENV',
    AWS_SECRET_ACCESS_KEY: 'env-secret',
    AWS_DEFAULT_REGION: 'eu-central-1',
  })
  expect(access).toEqual({
    keys: { accessKeyId: 'AKENV', secretAccessKey: 'env-secret', sessionToken: null },
    home: 'eu-central-1',
  })
})

test('a profile is made of both files, the credentials first', async () => {
  const { access, secrets, asked } = await accessOf(
    profileIn(homeWith(credentialsText, configText), 'dev'),
  )
  expect(access).toEqual({
    keys: { accessKeyId: 'AKDEV', secretAccessKey: 'dev#secret', sessionToken: 'dev-token' },
    home: 'eu-north-1',
  })
  expect([...secrets]).toEqual(expect.arrayContaining(['AKDEV', 'dev#secret', 'dev-token']))
  expect(asked).toEqual([])
})

test('a role is assumed with the keys of its source, and what comes is kept secret', async () => {
  const { access, secrets, asked } = await accessOf(
    profileIn(homeWith(credentialsText, configText), 'admin'),
    () => role('ASIAROLE'),
  )
  expect(access).toEqual({
    keys: { accessKeyId: 'ASIAROLE', secretAccessKey: 'role&secret', sessionToken: 'role token' },
    home: 'ap-south-1',
  })
  expect([...secrets]).toEqual(expect.arrayContaining(['ASIAROLE', 'role&secret', 'role token']))
  expect(asked.map(({ path }) => path)).toEqual(['/sts/ap-south-1/'])
  const form = new URLSearchParams(asked[0]?.body)
  expect(form.get('RoleArn')).toBe('arn:aws:iam::123456789012:role/admin')
  expect(form.get('ExternalId')).toBe('an id')
  expect(asked[0]?.headers.authorization).toContain(
    'Credential=AKDEV/20261124/ap-south-1/sts/aws4_request',
  )
  expect(asked[0]?.headers['x-amz-security-token']).toBe('dev-token')
})

test('a profile may hold the keys that its role is assumed with', async () => {
  const folder = homeWith(credentialsText, configText)
  const { asked } = await accessOf(profileIn(folder, 'self'), () => role('ASIAROLE'))
  expect(asked[0]?.headers.authorization).toContain('Credential=AKSELF/')
})

test('a role may be the source of a role', async () => {
  const { asked } = await accessOf(
    profileIn(homeWith(credentialsText, configText), 'chained'),
    (one) => role(one.path.includes('ap-south-1') ? 'ASIAFIRST' : 'ASIASECOND'),
  )
  expect(asked.map(({ path }) => path)).toEqual(['/sts/ap-south-1/', '/sts/us-east-1/'])
  expect(asked[1]?.headers.authorization).toContain('Credential=ASIAFIRST/')
})

test.each([
  ['absent', 'is in no file'],
  ['circle', 'is its own source'],
  ['loop', 'is its own source'],
  ['token', 'asks for a second factor'],
  ['sso', 'signs in by SSO'],
  ['program', 'runs a program'],
  ['web', 'web identity'],
  ['empty', 'holds no keys'],
])('the profile "%s" is refused, and why is told', async (name, why) => {
  const work = accessOf(profileIn(homeWith(credentialsText, configText), name))
  await expect(work).rejects.toThrow(why)
  await expect(work).rejects.toMatchObject({ code: 'upstream-credentials' })
})

test('a refusal names the variable of a profile, whose value is starred out, and other profiles', async () => {
  const config = '[profile a]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = gone\n'
  const folder = homeWith('', config)
  await expect(accessOf(profileIn(folder, 'absent'))).rejects.toThrow(
    'the profile that AWS_PROFILE names is in no file',
  )
  await expect(accessOf(profileIn(folder, 'a'))).rejects.toThrow('the profile "gone" is in no file')
})

test('a file that is there and cannot be read is told as such', async () => {
  const folder = homeWith(credentialsText, configText)
  const work = accessOf({ ...profileIn(folder, 'dev'), AWS_SHARED_CREDENTIALS_FILE: folder })
  await expect(work).rejects.toMatchObject({ code: 'upstream-credentials' })
  await expect(work).rejects.toThrow('the credentials file of AWS cannot be read')
})

test('keys that STS rejects are told as such', async () => {
  const folder = homeWith(credentialsText, configText)
  const work = accessOf(profileIn(folder, 'admin'), () => ({ status: 403, body: 'AKDEV' }))
  await expect(work).rejects.toMatchObject({ code: 'upstream-credentials' })
})
