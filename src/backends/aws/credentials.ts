/** Keys of an account: from variables, or from the profile that `AWS_PROFILE` names. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import { type Readiness, readinessOf } from '#backends/kit/readiness'
import { readWire } from '#backends/kit/wire'
import { type Profile, type Profiles, profilesOf } from './profile-file.ts'
import { assumedRoleAnswer } from './schema.ts'
import { type AwsKeys, formType, type SignableCall, signatureHeaders } from './sigv4.ts'
import { readXml } from './xml.ts'

type Texts = Readonly<Record<string, string>>

/** What importers and provisioners both reach. */
export interface AwsDoor {
  readonly credentials: Texts
  secretFile(path: string): string | null
  keepSecret(value: string): void
  answer(call: {
    readonly host: string
    readonly region: string
    readonly path: string
    readonly headers: Texts
    readonly form: Texts
    readonly sign: (call: SignableCall) => Texts
  }): Promise<{ readonly text: string }>
}

const valuesOf = (environment: Environment, wanted: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([name, variables]) => {
      const value = variables.map((variable) => environment[variable]?.trim()).find(Boolean)
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** Ready without any: prices are public. Half a pair of keys is a mistake. */
export const awsReadiness = (environment: Environment): Readiness => {
  const keys = readinessOf(environment, {
    id: ['AWS_ACCESS_KEY_ID'],
    secret: ['AWS_SECRET_ACCESS_KEY'],
  })
  if (keys.status === 'misconfigured') return keys
  const home = valuesOf(environment, { region: ['AWS_REGION', 'AWS_DEFAULT_REGION'] })
  if (keys.status === 'ready') {
    const token = valuesOf(environment, { token: ['AWS_SESSION_TOKEN'] })
    return { status: 'ready', values: { ...keys.values, ...token, ...home } }
  }
  const profile = valuesOf(environment, { profile: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] })
  if (profile['profile'] === undefined) return { status: 'ready', values: home }
  const folder = `${environment['HOME'] ?? environment['USERPROFILE'] ?? '~'}/.aws`
  const files = {
    credentialsFile: environment['AWS_SHARED_CREDENTIALS_FILE'] || `${folder}/credentials`,
    configFile: environment['AWS_CONFIG_FILE'] || `${folder}/config`,
  }
  return { status: 'ready', values: { ...profile, ...files, ...home } }
}

/** Launching needs what prices do not: keys, or a profile that has them. */
export const awsLaunchReadiness = (environment: Environment): Readiness => {
  const readiness = awsReadiness(environment)
  if (readiness.status !== 'ready') return readiness
  const { id, profile } = readiness.values
  if (id !== undefined || profile !== undefined) return readiness
  return { status: 'missing', names: ['AWS_ACCESS_KEY_ID or AWS_PROFILE'] }
}

export interface AwsAccess {
  readonly keys: AwsKeys
  /** The region that is asked what is not of one region. */
  readonly home: string
}

/** A value of a variable is starred out of messages: the variable tells it. */
const refuse = ({ credentials }: AwsDoor, name: string, what: string, hint: string): never => {
  const profile = name === credentials['profile'] ? 'that AWS_PROFILE names' : `"${name}"`
  throw new UpstreamCredentialsError(`the profile ${profile} ${what}`, { hint })
}

const exportHint =
  'run `aws configure export-credentials --profile … --format env` and set what it prints'

/** Ways to get keys that would run a program, a browser or a file's token; their settings by name. */
const unreadWays: ReadonlyMap<string, string> = new Map([
  ['sso_session', 'signs in by SSO'],
  ['sso_start_url', 'signs in by SSO'],
  ['credential_process', 'runs a program for its keys'],
  ['web_identity_token_file', 'takes its keys from a web identity'],
  ['credential_source', 'takes its keys from where it runs'],
  ['mfa_serial', 'asks for a second factor'],
])

const ownKeysOf = (profile: Profile): AwsKeys | null => {
  const accessKeyId = profile.get('aws_access_key_id')
  const secretAccessKey = profile.get('aws_secret_access_key')
  if (!accessKeyId || !secretAccessKey) return null
  return { accessKeyId, secretAccessKey, sessionToken: profile.get('aws_session_token') || null }
}

const keep = (io: AwsDoor, keys: AwsKeys): AwsKeys => {
  for (const value of Object.values(keys)) if (typeof value === 'string') io.keepSecret(value)
  return keys
}

const assumeRole = async (
  io: AwsDoor,
  source: AwsKeys,
  profile: Profile,
  region: string,
): Promise<AwsKeys> => {
  const externalId = profile.get('external_id')
  const durationSeconds = profile.get('duration_seconds')
  const { text } = await io.answer({
    host: 'sts',
    region,
    path: '/',
    headers: { accept: 'text/xml' },
    form: {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: profile.get('role_arn') ?? '',
      RoleSessionName: profile.get('role_session_name') || 'dstack-offers',
      ...(externalId ? { ExternalId: externalId } : {}),
      ...(durationSeconds ? { DurationSeconds: durationSeconds } : {}),
    },
    sign: (call) => signatureHeaders(call, source, { region, service: 'sts' }, formType),
  })
  const value = readXml(text, 'aws AssumeRole')
  const answer = readWire(assumedRoleAnswer, value, 'aws AssumeRole')
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.AssumeRoleResult.Credentials
  return keep(io, {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  })
}

const accessOf = async (
  io: AwsDoor,
  profiles: Profiles,
  name: string,
  asked: readonly string[],
): Promise<AwsAccess> => {
  const profile = profiles.get(name)
  if (!profile) return refuse(io, name, 'is in no file', 'name one that is, or unset AWS_PROFILE')
  const home = io.credentials['region'] ?? profile.get('region') ?? 'us-east-1'
  const own = ownKeysOf(profile)
  const hasRole = Boolean(profile.get('role_arn'))
  if (own && !hasRole) return { keys: keep(io, own), home }
  for (const [setting, what] of unreadWays) {
    if (profile.get(setting)) return refuse(io, name, `${what}, which is not done here`, exportHint)
  }
  const source = profile.get('source_profile')
  if (!hasRole || !source) {
    return refuse(io, name, 'holds no keys', 'give it aws_access_key_id and aws_secret_access_key')
  }
  if (source === name && own) {
    return { keys: await assumeRole(io, keep(io, own), profile, home), home }
  }
  if (asked.includes(source) || source === name) {
    return refuse(io, source, 'is its own source', 'give it another source_profile')
  }
  const { keys } = await accessOf(io, profiles, source, [...asked, name])
  return { keys: await assumeRole(io, keys, profile, home), home }
}

/** Empty where there is no such file. */
const readText = (io: AwsDoor, path: string | undefined, kind: string): string => {
  try {
    return io.secretFile(path ?? '') ?? ''
  } catch (cause) {
    const hint = 'AWS_PROFILE is set: see to it that the file may be read, or unset it'
    throw new UpstreamCredentialsError(`the ${kind} file of AWS cannot be read`, { cause, hint })
  }
}

/** Null without credentials. Throws UpstreamCredentialsError for a profile that gives none. */
export const awsAccess = async (io: AwsDoor): Promise<AwsAccess | null> => {
  const { id, secret, token, region, profile, credentialsFile, configFile } = io.credentials
  if (id !== undefined && secret !== undefined) {
    const keys = { accessKeyId: id, secretAccessKey: secret, sessionToken: token ?? null }
    return { keys, home: region ?? 'us-east-1' }
  }
  if (profile === undefined) return null
  const credentials = readText(io, credentialsFile, 'credentials')
  const config = readText(io, configFile, 'configuration')
  return accessOf(io, profilesOf(credentials, config), profile, [])
}
