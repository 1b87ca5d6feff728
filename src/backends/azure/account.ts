/** What a subscription adds to the public prices: an application's token, and the sizes it may have. */
import { UpstreamCredentialsError, UpstreamRefusedError } from '#domain/errors'
import { digestLines } from '#platform/digest'
import type { Environment } from '#platform/environment'
import type { Reject } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { type Readiness, readinessOf } from '#backends/kit/readiness'
import { readWire } from '#backends/kit/wire'
import { type ResourceSku, skusAnswer, tokenAnswer } from './schema.ts'

/** All of the four, which launching needs. */
export const azureLaunchReadiness = (environment: Environment): Readiness =>
  readinessOf(environment, {
    tenant: ['AZURE_TENANT_ID'],
    id: ['AZURE_CLIENT_ID'],
    secret: ['AZURE_CLIENT_SECRET'],
    subscription: ['AZURE_SUBSCRIPTION_ID'],
  })

/** Ready without any: prices are public. A part of the four is a mistake. */
export const azureReadiness = (environment: Environment): Readiness => {
  const readiness = azureLaunchReadiness(environment)
  return readiness.status === 'missing' ? { status: 'ready', values: {} } : readiness
}

export interface AzureAccount {
  readonly subscription: string
  readonly secretHeaders: Readonly<Record<string, string>>
}

/** The one call that needs the application's secret. */
interface TokenCall {
  readonly host: string
  readonly path: string
  readonly secretForm: Readonly<Record<string, string>>
}

/** What asking for a token needs of the world: importing and launching have it both. */
interface AccountIo {
  readonly credentials: Readonly<Record<string, string>>
  json(call: TokenCall): Promise<unknown>
  keepSecret(value: string): void
}

/** Null without credentials. */
export const openAccount = async (io: AccountIo): Promise<AzureAccount | null> => {
  const { tenant, id, secret, subscription } = io.credentials
  if (tenant === undefined || id === undefined || secret === undefined) return null
  if (subscription === undefined) return null
  const value = await io.json({
    host: 'login',
    path: `/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    secretForm: {
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      scope: 'https://management.azure.com/.default',
    },
  })
  const { access_token: token } = readWire(tokenAnswer, value, 'azure token')
  io.keepSecret(token)
  return { subscription, secretHeaders: { authorization: `Bearer ${token}` } }
}

export interface RegionSizes {
  readonly sizes: ReadonlyMap<string, ResourceSku>
  readonly malformed: readonly Reject[]
  /** False where a page came twice. */
  readonly isWhole: boolean
}

/** The link to a next page names the public host, wherever the endpoint points: only its query counts. */
export const queryOf = (link: string): Readonly<Record<string, string>> =>
  URL.canParse(link) ? Object.fromEntries(new URL(link).searchParams) : {}

/** The application's token is good by then: not found is the subscription. */
const subscriptionRefused = (error: unknown): unknown =>
  error instanceof UpstreamRefusedError && error.message.endsWith('HTTP 404')
    ? new UpstreamCredentialsError(`Azure knows no such subscription: ${error.message}`, {
        hint: 'check AZURE_SUBSCRIPTION_ID',
      })
    : error

const sizesPage = async (
  io: ImportIo,
  { subscription, secretHeaders }: AzureAccount,
  query: Readonly<Record<string, string>>,
): Promise<unknown> => {
  const path = `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.Compute/skus`
  try {
    return await io.json({ host: 'management', path, query, secretHeaders })
  } catch (error) {
    throw subscriptionRefused(error)
  }
}

export const readSizes = async (
  io: ImportIo,
  account: AzureAccount,
  region: string,
): Promise<RegionSizes> => {
  const sizes = new Map<string, ResourceSku>()
  const malformed: Reject[] = []
  const seen = new Set<string>()
  let query: Readonly<Record<string, string>> = {
    'api-version': '2021-07-01',
    $filter: `location eq '${region}'`,
  }
  for (;;) {
    const value = await sizesPage(io, account, query)
    const { value: rows, nextLink } = readWire(skusAnswer, value, `azure sizes of ${region}`)
    const key = digestLines([JSON.stringify(rows)])
    if (seen.has(key)) return { sizes, malformed, isWhole: false }
    seen.add(key)
    malformed.push(...rows.malformed)
    for (const sku of rows.rows) {
      if (sku.resourceType === 'virtualMachines') sizes.set(sku.name, sku)
    }
    if (nextLink === null || nextLink === '') return { sizes, malformed, isWhole: true }
    query = { ...query, ...queryOf(nextLink) }
  }
}
