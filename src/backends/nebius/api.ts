/** Nebius's calls. All of gRPC is behind this file: load it when Nebius is asked, and not before. */
import { UpstreamCredentialsError, UpstreamInvalidError } from '#domain/errors'
import type { ImportIo } from '#backends/kit/io'
import { readWire } from '#backends/kit/wire'
import { type GrpcClient, newGrpcClient } from '#platform/grpc'
import { GrpcRefusedError } from '#platform/grpc-status'
import { defaultBackoff } from '#platform/http'
import { systemHttpClock } from '#platform/http-time'
import type { HostLimit } from '#platform/http-turns'
import type { NebiusHost } from './addresses.ts'
import { addressOf, assertionOf } from './credentials.ts'
import { decode, encode, type MessageName } from './messages.ts'
import { estimateAnswer, rowsAnswer, tokenAnswer } from './schema.ts'

interface Method {
  readonly host: NebiusHost
  readonly method: string
  readonly request: MessageName
  readonly answer: MessageName
}

const methods = {
  exchange: {
    host: 'tokens',
    method: '/nebius.iam.v1.TokenExchangeService/Exchange',
    request: 'ExchangeTokenRequest',
    answer: 'CreateTokenResponse',
  },
  tenants: {
    host: 'iam',
    method: '/nebius.iam.v1.TenantService/List',
    request: 'ListTenantsRequest',
    answer: 'Rows',
  },
  projects: {
    host: 'iam',
    method: '/nebius.iam.v1.ProjectService/List',
    request: 'ListProjectsRequest',
    answer: 'Rows',
  },
  platforms: {
    host: 'compute',
    method: '/nebius.compute.v1.PlatformService/List',
    request: 'ListPlatformsRequest',
    answer: 'Rows',
  },
  advice: {
    host: 'capacity',
    method: '/nebius.capacity.v1.ResourceAdviceService/List',
    request: 'ListResourceAdviceRequest',
    answer: 'Rows',
  },
  estimate: {
    host: 'calculator',
    method: '/nebius.billing.v1alpha1.CalculatorService/Estimate',
    request: 'EstimateRequest',
    answer: 'EstimateResponse',
  },
} as const satisfies Readonly<Record<string, Method>>

export interface RowsPage {
  readonly rows: readonly Uint8Array[]
  /** Empty where the list ends. */
  readonly next: string
}

interface InstanceSought {
  readonly project: string
  readonly platform: string
  readonly preset: string
  readonly preemptible: boolean
}

export type NebiusList = 'tenants' | 'projects' | 'platforms' | 'advice'

export interface NebiusApi {
  rows(list: NebiusList, parent: string, token: string): Promise<RowsPage>
  /** Dollars an hour as a decimal; null where no price is told. */
  price(sought: InstanceSought): Promise<string | null>
  close(): void
}

const pageSize = 100
const deadlineMs = 30_000

export const newNebiusClient = (): GrpcClient =>
  newGrpcClient({
    clock: systemHttpClock,
    backoff: defaultBackoff,
    random: Math.random,
    deadlineMs,
  })

const decoded = ({ method, answer }: Method, bytes: Uint8Array): unknown => {
  try {
    return decode(answer, bytes)
  } catch {
    throw new UpstreamInvalidError(`nebius ${method}: the answer is no ${answer}`, {
      hint: 'the source may have changed its format; the catalog keeps what it has',
    })
  }
}

/** The lowest; it has no part in the price. */
const preemptibleSpec = { on_preemption: 1, priority: 1 }

const estimateRequest = ({ project, platform, preset, preemptible }: InstanceSought) => ({
  resource_spec: {
    compute_instance_spec: {
      metadata: { parent_id: project },
      spec: {
        resources: { platform, preset },
        ...(preemptible ? { preemptible: preemptibleSpec } : {}),
      },
    },
  },
})

const forWhatIsAsked: ReadonlySet<string> = new Set([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'FAILED_PRECONDITION',
])

/** Refused for what is asked: the same call is refused again, and another one may well succeed. */
const isRefused = (error: unknown): boolean =>
  error instanceof GrpcRefusedError && forWhatIsAsked.has(error.status)

type Call = (method: Method, request: Record<string, unknown>) => Promise<unknown>

/** A key that is unknown, expired or turned off is refused as an invalid argument. */
const exchanged = async (io: ImportIo, call: Call): Promise<string> => {
  const request = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token: assertionOf(io),
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  }
  try {
    const answer = await call(methods.exchange, request)
    return readWire(tokenAnswer, answer, 'nebius token').access_token
  } catch (error) {
    if (!isRefused(error)) throw error
    throw new UpstreamCredentialsError('nebius rejects the key of the service account', {
      hint: 'check that the key is active and belongs to the service account',
    })
  }
}

/** What no header can hold would be named in the error of whoever tries. */
const checked = (token: string): string => {
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new UpstreamCredentialsError('the token of Nebius has characters that no token has', {
    hint: 'copy it anew: nebius iam get-access-token',
  })
}

export const openNebius = async (
  io: ImportIo,
  limit: HostLimit,
  client: GrpcClient,
): Promise<NebiusApi> => {
  const callWith =
    (secretMetadata: Readonly<Record<string, string>>): Call =>
    async (method, request) => {
      const bytes = await client.call({
        address: addressOf(io.credentials, method.host),
        method: method.method,
        request: encode(method.request, request),
        secretMetadata,
        limit,
        signal: io.signal,
      })
      return decoded(method, bytes)
    }
  const token = io.credentials['token'] ?? (await exchanged(io, callWith({})))
  io.keepSecret(token)
  const call = callWith({ authorization: `Bearer ${checked(token)}` })
  return {
    rows: async (list, parent, page) => {
      const request = { parent_id: parent, page_size: pageSize, page_token: page }
      const answer = await call(methods[list], request)
      const { items, next_page_token: next } = readWire(rowsAnswer, answer, `nebius ${list}`)
      return { rows: items, next }
    },
    price: async (sought) => {
      try {
        const answer = await call(methods.estimate, estimateRequest(sought))
        const { hourly_cost: hourly } = readWire(estimateAnswer, answer, 'nebius estimate')
        return hourly?.general?.total?.cost || null
      } catch (error) {
        // What is not sold has no price.
        if (isRefused(error)) return null
        throw error
      }
    },
    close: () => client.close(),
  }
}
