/** A gRPC server on 127.0.0.1 that answers as a test says, and remembers what it was asked. */
import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type status,
} from '@grpc/grpc-js'

export interface Asked {
  /** `Exchange`, `ListTenants`, `ListProjects`, `ListPlatforms`, `ListAdvice`, `Estimate`. */
  readonly what: keyof typeof paths
  readonly request: Uint8Array
  readonly authorization: string
  /** The same call twice has the same. */
  readonly key: string
}

export type Reply =
  | Uint8Array
  | { readonly status: status; readonly details?: string; readonly pushbackMs?: string }
  | 'hang'

export interface FakeNebius {
  readonly url: string
  readonly asked: readonly Asked[]
  close(): void
}

const paths = {
  Exchange: '/nebius.iam.v1.TokenExchangeService/Exchange',
  ListTenants: '/nebius.iam.v1.TenantService/List',
  ListProjects: '/nebius.iam.v1.ProjectService/List',
  ListPlatforms: '/nebius.compute.v1.PlatformService/List',
  ListAdvice: '/nebius.capacity.v1.ResourceAdviceService/List',
  Estimate: '/nebius.billing.v1alpha1.CalculatorService/Estimate',
}

const kinds = Object.keys(paths) as readonly (keyof typeof paths)[]

const raw = {
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
  requestDeserialize: (buffer: Buffer): Uint8Array => buffer,
  responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
  responseDeserialize: (buffer: Buffer): Uint8Array => buffer,
} as const

const send = (reply: Reply, answer: sendUnaryData<Uint8Array>): void => {
  if (reply === 'hang') return
  if (reply instanceof Uint8Array) return answer(null, reply)
  const metadata = new Metadata()
  if (reply.pushbackMs !== undefined) metadata.set('grpc-retry-pushback-ms', reply.pushbackMs)
  answer({ code: reply.status, details: reply.details ?? 'as the test says', metadata })
}

export const startNebius = async (respond: (asked: Asked) => Reply): Promise<FakeNebius> => {
  const asked: Asked[] = []
  const server = new Server()
  for (const what of kinds) {
    server.addService(
      { [what]: { ...raw, path: paths[what], originalName: what } },
      {
        [what]: (
          call: ServerUnaryCall<Uint8Array, Uint8Array>,
          answer: sendUnaryData<Uint8Array>,
        ) => {
          const { request, metadata } = call
          const authorization = String(metadata.get('authorization')[0] ?? '')
          const key = `${what} ${Buffer.from(request).toString('hex')}`
          const one: Asked = { what, request, authorization, key }
          asked.push(one)
          send(respond(one), answer)
        },
      },
    )
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error)
      else resolve(bound)
    })
  })
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.forceShutdown() }
}
