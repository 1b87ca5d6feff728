/** An API key, which opens prices, or the credentials of an account, which open machines as well. */
import { UpstreamCredentialsError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import type { Environment } from '#platform/environment'
import { signedToken } from '#platform/rs256'
import type { Readiness } from '#backends/kit/readiness'
import { readWire } from '#backends/kit/wire'
import { type GoogleCredentials, readCredentials, tokenAnswer } from './schema.ts'

type Texts = Readonly<Record<string, string>>

/** What importers and provisioners both reach. */
interface GcpDoor {
  readonly credentials: Texts
  /** Now, for the signature of a key. */
  readonly observation: { readonly observedAt: string }
  secretFile(path: string): string | null
  keepSecret(value: string): void
  json(call: {
    readonly host: string
    readonly path: string
    readonly secretForm: Texts
  }): Promise<unknown>
}

const fileVariable = 'GOOGLE_APPLICATION_CREDENTIALS'
const keyVariables = ['GOOGLE_CLOUD_API_KEY', 'GCP_API_KEY']
const projectVariables = ['GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT', 'CLOUDSDK_CORE_PROJECT']

const firstOf = (environment: Environment, variables: readonly string[]): string | undefined =>
  variables.map((variable) => environment[variable]?.trim()).find(Boolean)

/** Where `gcloud auth application-default login` leaves its file. */
const defaultFile = (environment: Environment): string | undefined => {
  const config = firstOf(environment, ['CLOUDSDK_CONFIG'])
  const home = firstOf(environment, ['HOME'])
  const appData = firstOf(environment, ['APPDATA'])
  const folder = config ?? (home ? `${home}/.config/gcloud` : appData && `${appData}/gcloud`)
  return folder ? `${folder}/application_default_credentials.json` : undefined
}

/** The file of gcloud counts where a project is named: else every machine with gcloud would be asked. */
export const gcpReadiness = (environment: Environment): Readiness => {
  const key = firstOf(environment, keyVariables)
  const project = firstOf(environment, projectVariables)
  const named = firstOf(environment, [fileVariable])
  const fallback = project === undefined ? undefined : defaultFile(environment)
  const values = {
    ...(key === undefined ? {} : { key }),
    ...(project === undefined ? {} : { project }),
    ...(named === undefined ? {} : { file: named }),
    ...(named === undefined && fallback !== undefined ? { defaultFile: fallback } : {}),
  }
  if (key !== undefined || named !== undefined || fallback !== undefined) {
    return { status: 'ready', values }
  }
  return project === undefined
    ? { status: 'missing', names: [[fileVariable, ...keyVariables].join(' or ')] }
    : { status: 'misconfigured', names: [fileVariable] }
}

/** Launching needs what prices do not: an account. */
export const gcpLaunchReadiness = (environment: Environment): Readiness => {
  const readiness = gcpReadiness(environment)
  if (readiness.status !== 'ready') return readiness
  const { file, defaultFile: fallback } = readiness.values
  if (file !== undefined || fallback !== undefined) return readiness
  return { status: 'missing', names: [fileVariable] }
}

export interface GcpAccess {
  /** For the price list. */
  readonly priceHeaders: Texts
  /** Null with an API key alone. */
  readonly account: { readonly project: string; readonly headers: Texts } | null
}

/** A path out of a variable is starred out of messages: the variable tells it. */
const refused = ({ credentials }: GcpDoor, what: string, hint: string) => {
  const file = credentials['file'] === undefined ? 'gcloud' : fileVariable
  return new UpstreamCredentialsError(`the credentials file of ${file} ${what}`, { hint })
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const unreadable = (io: GcpDoor): UpstreamCredentialsError =>
  refused(io, 'cannot be read', `set ${fileVariable} to the path of a key file`)

/** Null where there is no file; one that is there must be readable. */
const readText = (io: GcpDoor, path: string): string | null => {
  try {
    return io.secretFile(path)
  } catch {
    throw unreadable(io)
  }
}

/** Null where the file of gcloud is not there; a file that is named must be. */
const readFile = (io: GcpDoor): GoogleCredentials | null => {
  const { file, defaultFile: fallback } = io.credentials
  const path = file ?? fallback
  const text = path === undefined ? null : readText(io, path)
  if (text === null) {
    if (file === undefined) return null
    throw unreadable(io)
  }
  const credentials = readCredentials(parsed(text))
  if (credentials !== null) return credentials
  throw refused(
    io,
    'is no key of a service account and no login of a user',
    'other kinds, such as workload identity, are not read: use a key file, or an API key',
  )
}

const hourSeconds = 3600
const audience = 'https://oauth2.googleapis.com/token'
const scope = 'https://www.googleapis.com/auth/cloud-platform'

const assertionOf = (io: GcpDoor, email: string, privateKey: string): string => {
  const issuedAt = Math.floor((parseInstant(io.observation.observedAt) ?? 0) / 1000)
  const assertion = signedToken(privateKey, {
    iss: email,
    scope,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + hourSeconds,
  })
  if (assertion !== null) return assertion
  throw refused(io, 'holds no private key of RSA', 'create a new key of the service account')
}

const grantOf = (io: GcpDoor, credentials: GoogleCredentials): Texts =>
  credentials.type === 'service_account'
    ? {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertionOf(io, credentials.client_email, credentials.private_key),
      }
    : {
        grant_type: 'refresh_token',
        client_id: credentials.client_id,
        client_secret: credentials.client_secret,
        refresh_token: credentials.refresh_token,
      }

const keepSecrets = (io: GcpDoor, credentials: GoogleCredentials): void => {
  if (credentials.type === 'service_account') io.keepSecret(credentials.private_key)
  else for (const one of [credentials.client_secret, credentials.refresh_token]) io.keepSecret(one)
}

const accountOf = async (
  io: GcpDoor,
  credentials: GoogleCredentials,
): Promise<GcpAccess['account']> => {
  keepSecrets(io, credentials)
  const own =
    credentials.type === 'service_account' ? credentials.project_id : credentials.quota_project_id
  const project = io.credentials['project'] ?? own
  if (!project) throw refused(io, 'names no project', `set ${projectVariables[0] ?? ''}`)
  const secretForm = grantOf(io, credentials)
  for (const secret of [secretForm['assertion']]) if (secret) io.keepSecret(secret)
  const value = await io.json({ host: 'token', path: '/token', secretForm })
  const { access_token: token } = readWire(tokenAnswer, value, 'gcp token')
  io.keepSecret(token)
  // What a user asks is billed to a project of his choice; without one it is refused.
  const billed = credentials.type === 'authorized_user' ? { 'x-goog-user-project': project } : {}
  return { project, headers: { authorization: `Bearer ${token}`, ...billed } }
}

export const gcpAccess = async (io: GcpDoor): Promise<GcpAccess> => {
  const { key } = io.credentials
  const credentials = readFile(io)
  const account = credentials === null ? null : await accountOf(io, credentials)
  if (key !== undefined) return { priceHeaders: { 'x-goog-api-key': key }, account }
  if (account !== null) return { priceHeaders: account.headers, account }
  throw refused(
    io,
    'is not there',
    'run `gcloud auth application-default login`, or set an API key',
  )
}

/** The account of who launches: an API key opens none. */
export const gcpAccount = async (io: GcpDoor): Promise<NonNullable<GcpAccess['account']>> => {
  const { account } = await gcpAccess(io)
  if (account !== null) return account
  throw refused(io, 'is not there', 'run `gcloud auth application-default login`')
}
