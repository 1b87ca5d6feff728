/** Real servers on 127.0.0.1: replicas of models, and the endpoint in front of them. */
import { createServer, type IncomingMessage, request as ask, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { onTestFinished } from 'vitest'
import type { Model } from '#domain/configuration'
import type { Service } from '#domain/serving'
import type { Send } from '#models/exchange'
import { type ModelsOptions, newModels } from '#models/models'
import { newTemplateProcess } from '#models/template-process'
import { systemHttpClock } from '#platform/http-time'

const listen = async (listener: RequestListener): Promise<number> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const readAll = async (request: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** A replica that remembers what it was asked. */
export const newReplica = async (
  answer: (seen: Seen, ...call: Parameters<RequestListener>) => void,
): Promise<{ port: number; seen: Seen[] }> => {
  const seen: Seen[] = []
  const port = await listen((request, response) => {
    void readAll(request).then((body) => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
      }
      seen.push(one)
      answer(one, request, response)
    })
  })
  return { port, seen }
}

export const openaiModel = (name: string, prefix = '/v1'): Model => ({
  format: 'openai',
  type: 'chat',
  name,
  prefix,
})

export const newService = (run: string, model: Model | null, ...ports: number[]): Service => ({
  runId: `id-${run}`,
  run,
  submittedMs: 1_700_000_000_000,
  auth: true,
  model,
  replicas: ports.map((port, replica) => ({
    id: `${run}-${replica}`,
    replica,
    host: '127.0.0.1',
    port,
  })),
})

/** One for all tests of a file. */
export const templates = newTemplateProcess()

/** Plain passage to the first replica, without the gateway's patience. */
const sendPlainly: Send = (service, { method, path, headers, body }, signal) =>
  new Promise((resolve, reject) => {
    const [replica] = service.replicas
    if (!replica) throw new Error('no replica')
    const { host, port } = replica
    const request = ask({ host, port, method, path, headers, signal, agent: false })
    request.once('error', reject)
    request.once('response', (answer) => {
      const known = Object.entries(answer.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      )
      resolve({
        status: answer.statusCode ?? 0,
        headers: Object.fromEntries(known),
        body: answer,
      })
    })
    request.end(body ?? undefined)
  })

interface EndpointOptions extends Partial<ModelsOptions> {
  readonly mayUse?: (run: string) => boolean
}

interface Endpoint {
  readonly port: number
  readonly client: OpenAI
  readonly post: (
    path: string,
    body: string | Buffer,
    headers?: Record<string, string>,
  ) => Promise<Response>
  readonly get: (path: string) => Promise<Response>
}

export const startEndpoint = async (
  services: readonly Service[],
  { mayUse = () => true, ...more }: EndpointOptions = {},
): Promise<Endpoint> => {
  const models = newModels({
    services: () => services,
    send: sendPlainly,
    clock: systemHttpClock,
    environment: { HF_ENDPOINT: 'http://127.0.0.1:9' },
    templates,
    ...more,
  })
  const port = await listen((request, response) => {
    models(request, response, { tokenId: 't', mayUse }, request.url ?? '').catch(() => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end('unforeseen')
    })
  })
  const at = (path: string): string => `http://127.0.0.1:${port}${path}`
  return {
    port,
    client: new OpenAI({ apiKey: 'secret-token', baseURL: at('/v1'), maxRetries: 0 }),
    post: (path, body, headers = {}) =>
      fetch(at(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
    get: (path) => fetch(at(path)),
  }
}

export const hello = [{ role: 'user' as const, content: 'hello' }]

/** A promise that whoever holds it keeps. */
export const newMoment = (): { come: Promise<void>; now: () => void } => {
  let now = (): void => undefined
  const come = new Promise<void>((resolve) => {
    now = resolve
  })
  return { come, now: () => now() }
}
