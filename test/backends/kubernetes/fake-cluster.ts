/** The cluster in memory behind a real address, with the half of a kubelet that answers from pods. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { ClusterModel } from './cluster/cluster-model.ts'
import { type Fields, fieldsOf, type Kept } from './cluster/objects.ts'
import { forwardPorts } from './cluster/port-forwards.ts'

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

const send = (response: ServerResponse, { status, headers, json, text }: FakeReply): void => {
  const isJson = json !== undefined
  response.writeHead(status ?? 200, {
    ...(isJson && { 'content-type': 'application/json' }),
    ...headers,
  })
  response.end(isJson ? JSON.stringify(json) : (text ?? ''))
}

export const inNamespace = (resource: string) => ({ resource, namespace: 'dstack' })

const logPath = /^\/api\/v1\/namespaces\/dstack\/pods\/([^/]+)\/log$/

/** What a pod has written; whoever follows it is told of more until it has ended. */
class PodLog {
  text = ''
  hasEnded = false
  readonly #followers = new Set<ServerResponse>()

  write(more: string): void {
    this.text += more
    for (const one of this.#followers) one.write(more)
  }

  end(): void {
    this.hasEnded = true
    for (const one of this.#followers) one.end()
  }

  answer(response: ServerResponse, isFollowed: boolean): void {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.flushHeaders()
    response.write(this.text)
    if (!isFollowed || this.hasEnded) {
      response.end()
      return
    }
    this.#followers.add(response)
    response.once('close', () => this.#followers.delete(response))
  }

  get followers(): number {
    return this.#followers.size
  }
}

export class FakeCluster {
  readonly model: ClusterModel
  readonly calls: { method: string; path: string; query: URLSearchParams; body: unknown }[] = []
  /** Answers the next call of this kind itself; `lose` does it and hangs up. */
  intercept: ((request: FakeRequest) => FakeReply | 'lose' | null) | null = null
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  readonly #logs = new Map<string, PodLog>()
  readonly forwards = forwardPorts(this.#server, (name) => this.pod(name) !== null)

  constructor(now = () => '2026-11-24T10:00:00Z') {
    this.model = new ClusterModel(now)
    this.model.put({ resource: 'namespaces', namespace: null }, { metadata: { name: 'dstack' } })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.forwards.close()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  pods(): readonly Kept[] {
    return this.model.shelf.all(inNamespace('pods'))
  }

  pod(name: string): Kept | null {
    return this.model.shelf.get(inNamespace('pods'), name)
  }

  /** Whatever there is of pods, services and secrets. */
  left(): readonly string[] {
    return ['pods', 'services', 'secrets'].flatMap((resource) =>
      this.model.shelf
        .all(inNamespace(resource))
        .map(({ metadata }) => `${resource}/${metadata.name}`),
    )
  }

  /** What a scheduler and a kubelet write: status as it is given, on a node where one is named. */
  setPod(name: string, { status, nodeName }: { status: unknown; nodeName?: string }): void {
    const pod = this.pod(name)
    if (pod === null) throw new Error(`no pod "${name}" is there`)
    const spec: Fields = { ...pod.spec, ...(nodeName !== undefined && { nodeName }) }
    this.model.shelf.change(inNamespace('pods'), { ...pod, spec, status: fieldsOf(status) })
  }

  /** A kubelet has ended what was told to end. */
  endPod(name: string): void {
    const pod = this.pod(name)
    if (pod?.metadata.deletionTimestamp === undefined) throw new Error(`"${name}" is not going`)
    this.model.shelf.remove(inNamespace('pods'), pod)
  }

  log(name: string): PodLog {
    const log = this.#logs.get(name) ?? new PodLog()
    this.#logs.set(name, log)
    return log
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://cluster')
    const text = await textOf(message)
    const { method = 'GET', headers } = message
    const body = jsonIn(text)
    const request = { method, path: url.pathname, query: url.searchParams, headers, text, body }
    this.calls.push(request)
    const forced = this.intercept?.(request) ?? null
    const reply = forced === null || forced === 'lose' ? this.model.handle(request) : forced
    if (forced === 'lose') message.socket.destroy()
    else if (forced === null && this.#isLogged(reply, url)) {
      this.log(logPath.exec(url.pathname)?.[1] ?? '').answer(
        response,
        url.searchParams.get('follow') === 'true',
      )
    } else send(response, reply)
  }

  /** A pod that is on a node has a log, which that node gives. */
  #isLogged(reply: FakeReply, { pathname }: URL): boolean {
    const name = reply.status === 204 ? logPath.exec(pathname)?.[1] : undefined
    return name !== undefined && this.pod(name)?.spec?.['nodeName'] !== undefined
  }
}
