/** A token, a key file of a service account, or the parts of its key. */
import { createPrivateKey, sign } from 'node:crypto'
import { UpstreamCredentialsError } from '#domain/errors'
import { endpointOf, hostsOf } from '#backends/kit/endpoint'
import type { ImportIo } from '#backends/kit/io'
import type { Readiness } from '#backends/kit/readiness'
import { parseInstant } from '#platform/clock'
import type { Environment } from '#platform/environment'
import { endpoint, hosts, type NebiusHost } from './addresses.ts'
import { readServiceAccount } from './schema.ts'

type Texts = Readonly<Record<string, string>>

const fileVariable = 'NEBIUS_CREDENTIALS_FILE'
const tokenVariable = 'NEBIUS_IAM_TOKEN'

const keyVariables = {
  account: ['NEBIUS_SERVICE_ACCOUNT_ID'],
  keyId: ['NEBIUS_PUBLIC_KEY_ID'],
  key: ['NEBIUS_PRIVATE_KEY_FILE', 'NEBIUS_PRIVATE_KEY'],
}

const valueOf = (environment: Environment, variable: string): string | undefined =>
  environment[variable]?.trim() || undefined

const named = (entries: Readonly<Record<string, string | undefined>>): Texts =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )

/** gRPC goes past the door of HTTP, so where it is asked stands beside the credentials. */
const addressesIn = (environment: Environment): Texts => {
  const backend = { name: 'nebius', endpoint, hosts }
  const all = { compute: endpointOf(backend, environment), ...hostsOf(backend, environment) }
  return Object.fromEntries(Object.entries(all).map(([host, at]) => [`${host}Address`, at]))
}

export const nebiusReadiness = (environment: Environment): Readiness => {
  const file = valueOf(environment, fileVariable)
  const token = valueOf(environment, tokenVariable)
  const absent = Object.values(keyVariables)
    .filter((variables) => variables.every((one) => valueOf(environment, one) === undefined))
    .map((variables) => variables.join(' or '))
  if (file === undefined && token === undefined && absent.length > 0) {
    const isPart = absent.length < Object.keys(keyVariables).length
    const whole = `${fileVariable} or ${tokenVariable} or ${keyVariables.account.join()}`
    return isPart
      ? { status: 'misconfigured', names: absent }
      : { status: 'missing', names: [whole] }
  }
  const values = named({
    token,
    file,
    account: valueOf(environment, 'NEBIUS_SERVICE_ACCOUNT_ID'),
    keyId: valueOf(environment, 'NEBIUS_PUBLIC_KEY_ID'),
    keyFile: valueOf(environment, 'NEBIUS_PRIVATE_KEY_FILE'),
    privateKey: valueOf(environment, 'NEBIUS_PRIVATE_KEY'),
    tenant: valueOf(environment, 'NEBIUS_TENANT_ID'),
  })
  return { status: 'ready', values: { ...values, ...addressesIn(environment) } }
}

export const addressOf = (credentials: Texts, host: NebiusHost): string => {
  const address = credentials[`${host}Address`]
  if (address === undefined) throw new Error(`no address of "${host}" is among the credentials`)
  return address
}

interface AccountKey {
  readonly account: string
  readonly keyId: string
  readonly pem: string
}

const refused = (what: string, hint: string): UpstreamCredentialsError =>
  new UpstreamCredentialsError(`the credentials of Nebius ${what}`, { hint })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const keyInFile = (io: ImportIo, path: string): AccountKey => {
  const text = io.secretFile(path)
  if (text === null) {
    throw refused('cannot be read', `set ${fileVariable} to the path of a key file`)
  }
  const credentials = readServiceAccount(parsed(text))
  if (credentials === null) {
    throw refused(
      'are no key file of a service account',
      'make one: nebius iam auth-public-key generate --output-format service-account-json',
    )
  }
  const { kid: keyId, sub: account, 'private-key': pem } = credentials
  return { account, keyId, pem }
}

/** A variable of one line writes the line breaks of a key as `\n`. */
const keyInParts = (io: ImportIo): AccountKey => {
  const { account, keyId, keyFile, privateKey } = io.credentials
  const pem = keyFile === undefined ? privateKey : (io.secretFile(keyFile) ?? undefined)
  if (pem === undefined) {
    throw refused('cannot be read', 'set NEBIUS_PRIVATE_KEY_FILE to the path of a private key')
  }
  return { account: account ?? '', keyId: keyId ?? '', pem: pem.replaceAll(String.raw`\n`, '\n') }
}

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Nothing that a broken key makes node say is told. */
const signatureOf = (pem: string, text: string): string | null => {
  try {
    const key = createPrivateKey(pem)
    const isRsa = key.asymmetricKeyType === 'rsa'
    return isRsa ? sign('sha256', Buffer.from(text), key).toString('base64url') : null
  } catch {
    return null
  }
}

/** It is exchanged at once, and worth nothing afterwards. */
const assertionSeconds = 300

/** What a token is exchanged for: a JWT of the service account, which names the key that signed it. */
export const assertionOf = (io: ImportIo): string => {
  const { file } = io.credentials
  const { account, keyId, pem } = file === undefined ? keyInParts(io) : keyInFile(io, file)
  io.keepSecret(pem)
  const issuedAt = Math.floor((parseInstant(io.observation.observedAt) ?? 0) / 1000)
  const claims = { iss: account, sub: account, iat: issuedAt, exp: issuedAt + assertionSeconds }
  const text = `${encoded({ alg: 'RS256', typ: 'JWT', kid: keyId })}.${encoded(claims)}`
  const signature = signatureOf(pem, text)
  if (signature === null) {
    throw refused('hold no private key of RSA', 'create a new key of the service account')
  }
  const assertion = `${text}.${signature}`
  io.keepSecret(assertion)
  return assertion
}
