/** Which key signs, by what stands in the environment and in the configuration file. */
import { expect, test } from 'vitest'
import type { CloudIo } from '#backends/kit/cloud-io'
import { ociLaunchReadiness, openAccount } from '#backends/oci/credentials'
import { account } from './oci-answers.ts'

const file = `
[DEFAULT]
user=${account.user}
fingerprint=${account.fingerprint}
tenancy = ${account.tenancy}
region=eu-zurich-1
key_file=~/.oci/key.pem

[elsewhere]
region = us-ashburn-1
; a remark
[session]
security_token_file=/tmp/token
[bare]
key_file=/nowhere.pem
`

const files: Readonly<Record<string, string>> = {
  '/home/me/.oci/config': file,
  '/home/me/.oci/key.pem': account.privateKey,
  '/etc/oci': file.replace('tenancy =', 'tenant ='),
}

const accountOf = (environment: Readonly<Record<string, string>>) => {
  const readiness = ociLaunchReadiness({ HOME: '/home/me', ...environment })
  if (readiness.status !== 'ready') throw new Error(`not ready: ${readiness.names.join()}`)
  const secrets: string[] = []
  const io: Pick<CloudIo, 'credentials' | 'secretFile' | 'keepSecret'> = {
    credentials: readiness.values,
    secretFile: (path) => files[path] ?? null,
    keepSecret: (value) => secrets.push(value),
  }
  return { ...openAccount(io), secrets }
}

const variables = {
  OCI_CLI_USER: account.user,
  OCI_CLI_TENANCY: account.tenancy,
  OCI_CLI_FINGERPRINT: account.fingerprint,
  OCI_CLI_KEY_FILE: '~/.oci/key.pem',
  OCI_CLI_REGION: 'eu-paris-1',
}

const keyId = `${account.tenancy}/${account.user}/${account.fingerprint}`

test('nothing is missing, a part is a mistake, and a profile is enough', () => {
  expect(ociLaunchReadiness({})).toMatchObject({ status: 'missing' })
  expect(ociLaunchReadiness({ OCI_CLI_REGION: 'eu-paris-1' })).toMatchObject({ status: 'missing' })
  const part = ociLaunchReadiness({ OCI_CLI_USER: 'me', OCI_CLI_REGION: 'eu-paris-1' })
  expect(part).toEqual({
    status: 'misconfigured',
    names: ['OCI_CLI_TENANCY', 'OCI_CLI_FINGERPRINT', 'OCI_CLI_KEY_CONTENT or OCI_CLI_KEY_FILE'],
  })
  expect(ociLaunchReadiness(variables).status).toBe('ready')
  expect(ociLaunchReadiness({ OCI_CLI_PROFILE: 'DEFAULT' }).status).toBe('ready')
})

test('a key of variables, with its file or its text; the tenancy is the compartment', () => {
  expect(accountOf(variables)).toMatchObject({
    key: { id: keyId },
    home: 'eu-paris-1',
    compartment: account.tenancy,
    secrets: [account.privateKey],
  })
  const inOneLine = account.privateKey.replaceAll('\n', '\\n')
  const { OCI_CLI_KEY_FILE: _, ...others } = variables
  const given = {
    ...others,
    OCI_CLI_KEY_CONTENT: inOneLine,
    OCI_COMPARTMENT_ID: 'ocid1.compartment',
  }
  expect(accountOf(given)).toMatchObject({ key: { id: keyId }, compartment: 'ocid1.compartment' })
})

test('a profile takes from DEFAULT what it leaves open, and the environment may name the region', () => {
  expect(accountOf({ OCI_CLI_PROFILE: 'elsewhere' })).toMatchObject({
    key: { id: keyId },
    home: 'us-ashburn-1',
  })
  const moved = accountOf({ OCI_CLI_PROFILE: 'elsewhere', OCI_CLI_REGION: 'eu-paris-1' })
  expect(moved.home).toBe('eu-paris-1')
})

test.each([
  [{ OCI_CLI_PROFILE: 'other' }, /"other" is not in/],
  [{ OCI_CLI_PROFILE: 'session' }, /"session" signs in by a session token/],
  [{ OCI_CLI_PROFILE: 'bare' }, /no key file "\/nowhere.pem"/],
  [{ OCI_CLI_CONFIG_FILE: '/nowhere' }, /no file "\/nowhere"/],
  [{ OCI_CLI_CONFIG_FILE: '/etc/oci' }, /no whole key/],
  [{ ...variables, OCI_CLI_KEY_FILE: '/etc/oci' }, /no private key of RSA/],
])('says what is wrong with %o', (environment, message) => {
  expect(() => accountOf(environment)).toThrow(message)
})
