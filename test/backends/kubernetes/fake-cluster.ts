/** An API server in memory, as far as launching needs one; `recorded.test.ts` holds it to a real one. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StoredObject {
  kind: string
  metadata: {
    name: string
    uid: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  status?: Record<string, unknown>
  [key: string]: unknown
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const statusAnswer = (
  status: number,
  reason: string,
  message: string,
  details?: unknown,
): Answer => ({
  status,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code: status,
  },
})

const missing = (kind: string, name: string): Answer =>
  statusAnswer(404, 'NotFound', `${kind} "${name}" not found`, { name, kind })

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}

const matches = ({ metadata }: StoredObject, selector: string | null): boolean =>
  (selector ?? '')
    .split(',')
    .filter((one) => one !== '')
    .every((one) => {
      const [key = '', value] = one.split('=')
      return metadata.labels?.[key] === value
    })

export class FakeCluster {
  readonly objects = new Map<string, StoredObject>()
  readonly calls: { method: string; path: string; body: unknown }[] = []
  nodes: unknown[] = []
  log = ''
  scalesUp = false
  /** Answers the next call of this kind itself; `lose` does it and hangs up. */
  intercept: ((method: string, path: string) => Answer | 'lose' | null) | null = null
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  #uids = 0

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  pods(): readonly StoredObject[] {
    return [...this.objects].filter(([key]) => key.startsWith('pods/')).map(([, one]) => one)
  }

  setPod(name: string, change: Record<string, unknown>): void {
    const pod = this.objects.get(`pods/${name}`)
    if (pod !== undefined) Object.assign(pod, change)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster')
    const method = request.method ?? 'GET'
    const text = await bodyOf(request)
    const body: unknown = text === '' ? null : JSON.parse(text)
    this.calls.push({ method, path: url.pathname, body })
    const forced = this.intercept?.(method, url.pathname) ?? null
    if (forced === 'lose') {
      this.#answer(method, url, body)
      request.socket.destroy()
      return
    }
    const token = request.headers.authorization
    const answer =
      forced ??
      (token === 'Bearer valid'
        ? this.#answer(method, url, body)
        : statusAnswer(401, 'Unauthorized', 'Unauthorized'))
    response.statusCode = answer.status
    if (typeof answer.body === 'string') response.end(answer.body)
    else {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer.body))
    }
  }

  #answer(method: string, url: URL, body: unknown): Answer {
    if (url.pathname === '/api/v1/nodes') return this.#list(this.nodes)
    if (url.pathname === '/api/v1/pods') return this.#list(this.pods())
    const [, namespace = '', kind = '', name, below] =
      /^\/api\/v1\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(url.pathname) ??
      []
    if (namespace !== 'dstack') return missing('namespaces', namespace)
    if (kind === 'events') return this.#list(this.scalesUp ? [{ reason: 'TriggeredScaleUp' }] : [])
    if (name === undefined) {
      return method === 'POST'
        ? this.#create(kind, body as StoredObject)
        : this.#list(
            [...this.objects]
              .filter(([key]) => key.startsWith(`${kind}/`))
              .map(([, one]) => one)
              .filter((one) => matches(one, url.searchParams.get('labelSelector'))),
          )
    }
    const found = this.objects.get(`${kind}/${name}`)
    if (found === undefined) return missing(kind, name)
    if (below === 'log') return { status: 200, body: this.log }
    if (method === 'DELETE') return this.#delete(kind, found, body)
    if (method === 'PATCH') {
      const { metadata } = body as StoredObject
      found.metadata.annotations = { ...found.metadata.annotations, ...metadata.annotations }
    }
    return { status: 200, body: found }
  }

  #list(items: readonly unknown[]): Answer {
    return {
      status: 200,
      body: { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items },
    }
  }

  #create(kind: string, object: StoredObject): Answer {
    const { name } = object.metadata
    if (this.objects.has(`${kind}/${name}`)) {
      return statusAnswer(409, 'AlreadyExists', `${kind} "${name}" already exists`, { name, kind })
    }
    this.#uids += 1
    const stored: StoredObject = {
      ...object,
      metadata: { ...object.metadata, uid: `uid-${this.#uids}` },
      ...(kind === 'pods' && { status: { phase: 'Pending' } }),
    }
    this.objects.set(`${kind}/${name}`, stored)
    return { status: 201, body: stored }
  }

  #delete(kind: string, { metadata: { name, uid } }: StoredObject, body: unknown): Answer {
    const wanted = (body as { preconditions?: { uid?: string } } | null)?.preconditions?.uid
    if (wanted !== undefined && wanted !== uid) {
      const message =
        `Operation cannot be fulfilled on Pod "${name}": the UID in the precondition (${wanted}) ` +
        `does not match the UID in record (${uid}). The object might have been deleted and then recreated`
      return statusAnswer(409, 'Conflict', message, { name, kind: 'Pod' })
    }
    this.objects.delete(`${kind}/${name}`)
    return { status: 200, body: { kind: 'Status', status: 'Success' } }
  }
}
