/** An API key of a user: from variables, or from the profile of a configuration file. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { CloudIo } from '#backends/kit/cloud-io'
import { type Readiness, readinessOf } from '#backends/kit/readiness'
import type { Environment } from '#platform/environment'
import { profileIn } from './config-file.ts'
import { type OciKey, privateKeyOf } from './signature.ts'

type Texts = Readonly<Record<string, string>>

type KeySource = Pick<CloudIo, 'credentials' | 'secretFile' | 'keepSecret'>

const valuesOf = (environment: Environment, wanted: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([name, variables]) => {
      const value = variables.map((variable) => environment[variable]?.trim()).find(Boolean)
      return value === undefined ? [] : [[name, value]]
    }),
  )

const fileReadiness = (environment: Environment, named: Texts, common: Texts): Readiness => {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '~'
  const values = { configFile: `${home}/.oci/config`, profile: 'DEFAULT', home, ...named }
  return { status: 'ready', values: { ...values, ...common } }
}

/** A file is read where a profile or the file is named; variables of a key come first. */
export const ociLaunchReadiness = (environment: Environment): Readiness => {
  const common = valuesOf(environment, {
    region: ['OCI_CLI_REGION', 'OCI_REGION'],
    compartment: ['OCI_COMPARTMENT_ID'],
  })
  const key = readinessOf(environment, {
    user: ['OCI_CLI_USER'],
    tenancy: ['OCI_CLI_TENANCY'],
    fingerprint: ['OCI_CLI_FINGERPRINT'],
    key: ['OCI_CLI_KEY_CONTENT', 'OCI_CLI_KEY_FILE'],
    region: ['OCI_CLI_REGION', 'OCI_REGION'],
  })
  const named = valuesOf(environment, {
    configFile: ['OCI_CLI_CONFIG_FILE', 'OCI_CONFIG_FILE'],
    profile: ['OCI_CLI_PROFILE', 'OCI_CONFIG_PROFILE'],
  })
  if (key.status !== 'ready' && Object.keys(named).length > 0) {
    return fileReadiness(environment, named, common)
  }
  if (key.status === 'misconfigured') {
    const isRegionAlone = key.names.length === 4 && common['region'] !== undefined
    return isRegionAlone ? { ...key, status: 'missing' } : key
  }
  if (key.status === 'missing')
    return { status: 'missing', names: [...key.names, 'OCI_CLI_PROFILE'] }
  const passphrase = valuesOf(environment, { passphrase: ['OCI_CLI_PASSPHRASE'] })
  const isContent = Boolean(environment['OCI_CLI_KEY_CONTENT']?.trim())
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '~'
  const { key: pem = '', ...values } = key.values
  const where = isContent ? { keyContent: pem } : { keyFile: pem, home }
  return { status: 'ready', values: { ...values, ...where, ...passphrase, ...common } }
}

export interface OciAccount {
  readonly key: OciKey
  readonly tenancy: string
  /** Where machines and networks are made: the tenancy itself unless another is named. */
  readonly compartment: string
  /** The region that is asked what is not of one region. */
  readonly home: string
}

const refuse = (what: string, hint: string): never => {
  throw new UpstreamCredentialsError(what, { hint })
}

/** The profile under our names; the environment's region and compartment come first. */
const fromFile = (io: KeySource): Texts => {
  const { configFile = '', profile: name = 'DEFAULT' } = io.credentials
  const text = io.secretFile(configFile)
  if (text === null) {
    return refuse(`there is no file "${configFile}"`, 'name one in OCI_CLI_CONFIG_FILE')
  }
  const profile = profileIn(text, name)
  if (profile === null) {
    return refuse(
      `the profile "${name}" is not in "${configFile}"`,
      'name one that is in OCI_CLI_PROFILE',
    )
  }
  if (profile.get('security_token_file')) {
    const what = `the profile "${name}" signs in by a session token, which is not done here`
    return refuse(what, 'give it an API key: user, fingerprint, key_file')
  }
  const names = {
    user: 'user',
    tenancy: 'tenancy',
    fingerprint: 'fingerprint',
    keyFile: 'key_file',
    passphrase: 'pass_phrase',
    region: 'region',
  }
  const found = Object.entries(names).flatMap(([ours, theirs]) => {
    const value = profile.get(theirs)
    return value ? [[ours, value] as const] : []
  })
  return { ...Object.fromEntries(found), ...io.credentials }
}

const inHome = (path: string, home: string): string => path.replace(/^~(?=\/|$)/, home)

/** Throws UpstreamCredentialsError for what gives no key. */
export const openAccount = (io: KeySource): OciAccount => {
  const values = io.credentials['configFile'] === undefined ? io.credentials : fromFile(io)
  const { user, tenancy, fingerprint, keyContent, keyFile, passphrase, region } = values
  if (!user || !tenancy || !fingerprint || !region) {
    return refuse(
      'the profile holds no whole key of Oracle',
      'give it user, tenancy, fingerprint, key_file and region',
    )
  }
  const pem = keyContent ?? io.secretFile(inHome(keyFile ?? '', values['home'] ?? '~'))
  if (pem === null) {
    return refuse(
      `there is no key file "${keyFile ?? ''}"`,
      'name one in key_file or OCI_CLI_KEY_FILE',
    )
  }
  io.keepSecret(pem)
  if (passphrase !== undefined) io.keepSecret(passphrase)
  const privateKey = privateKeyOf(pem.replaceAll('\\n', '\n'), passphrase ?? null)
  if (privateKey === null) {
    return refuse('the key of Oracle is no private key of RSA', 'its passphrase may be missing')
  }
  return {
    key: { id: `${tenancy}/${user}/${fingerprint}`, privateKey },
    tenancy,
    compartment: values['compartment'] ?? tenancy,
    home: region,
  }
}
