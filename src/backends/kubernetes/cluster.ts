/** A cluster as its kubeconfig names it: one exchange at a time, with the credentials found there. */
import * as http from 'node:http'
import * as https from 'node:https'
import { dirname, resolve } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { BackendUnusableError } from '#domain/errors'
import { type CloudAnswer, type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import { NoAnswer } from '#platform/http-once'

const answerMs = 30_000

interface ClusterCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly contentType?: string
}

export interface Cluster {
  readonly namespace: string
  /** Below the namespace: `pods/NAME`. */
  at(path: string): string
  /** The answer of a success. Throws CloudRefusal or NoAnswer. */
  call(call: ClusterCall): Promise<CloudAnswer>
  /** The body of a success, as it comes. */
  stream(call: ClusterCall): Promise<http.IncomingMessage>
  readonly config: KubeConfig
}

/** What importers and provisioners both reach. */
type ClusterDoor = Pick<CloudIo, 'credentials' | 'secretFile' | 'signal'>

/** It is large, and optional. */
const client = async () => {
  try {
    return await import('@kubernetes/client-node')
  } catch (error) {
    throw new BackendUnusableError('kubernetes needs the package "@kubernetes/client-node"', {
      hint: 'npm install @kubernetes/client-node@1',
      cause: error,
    })
  }
}

/** Of several files, separated by colons, the first that sets a value counts: as kubectl has it. */
const readConfig = async (io: ClusterDoor): Promise<KubeConfig> => {
  const { KubeConfig } = await client()
  const all: KubeConfig[] = []
  for (const path of (io.credentials['kubeconfig'] ?? '').split(':')) {
    const text = path === '' ? null : io.secretFile(path)
    if (text === null) continue
    const config = new KubeConfig()
    config.loadFromString(text)
    config.makePathsAbsolute(dirname(resolve(path)))
    all.push(config)
  }
  const [first, ...others] = all
  if (first === undefined) {
    throw new BackendUnusableError('there is no file where KUBECONFIG points', {
      hint: 'export KUBECONFIG=~/.kube/config',
    })
  }
  for (const other of others) first.mergeConfig(other, true)
  // Paths are put behind it as it is.
  first.clusters = first.clusters.map((one) => ({ ...one, server: one.server.replace(/\/+$/, '') }))
  return first
}

const bodyOf = async (answer: http.IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}

const headersOf = ({ headers }: http.IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

/** Resolves at the head of the answer, of any status. */
const exchange = async (
  server: string,
  config: KubeConfig,
  signal: AbortSignal,
  { method, path, query, json, contentType }: ClusterCall,
): Promise<http.IncomingMessage> => {
  const url = new URL(`${server}${path}`)
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value)
  const body = json === undefined ? null : JSON.stringify(json)
  const options: https.RequestOptions = { method, signal, headers: { accept: 'application/json' } }
  await config.applyToHTTPSOptions(options)
  const isSecure = url.protocol === 'https:'
  return new Promise((done, fail) => {
    let isConnected = false
    const request = (isSecure ? https : http).request(url, options, done)
    request.on('socket', (socket) => {
      if (socket.connecting) {
        socket.once(isSecure ? 'secureConnect' : 'connect', () => {
          isConnected = true
        })
      } else isConnected = true
    })
    request.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message
      fail(signal.aborted ? error : new NoAnswer(code, isConnected))
    })
    request.setTimeout(answerMs, () => request.destroy(new Error('timeout')))
    if (body === null) {
      request.end()
      return
    }
    request.setHeader('content-type', contentType ?? 'application/json')
    // A DELETE with a body has no length unless it is told.
    request.setHeader('content-length', Buffer.byteLength(body))
    request.end(body)
  })
}

export const openCluster = async (io: ClusterDoor): Promise<Cluster> => {
  const config = await readConfig(io)
  const context = io.credentials['context']
  if (context !== undefined) config.setCurrentContext(context)
  const cluster = config.getCurrentCluster()
  if (cluster === null) {
    throw new BackendUnusableError('the kubeconfig has no current context', {
      hint: 'kubectl config use-context NAME',
    })
  }
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default'
  const stream = async (call: ClusterCall): Promise<http.IncomingMessage> => {
    const answer = await exchange(cluster.server, config, io.signal, call)
    const status = answer.statusCode ?? 0
    if (status >= 200 && status < 300) return answer
    throw new CloudRefusal({ status, headers: headersOf(answer), text: await bodyOf(answer) })
  }
  return {
    namespace,
    config,
    stream,
    at: (path) => `/api/v1/namespaces/${encodeURIComponent(namespace)}/${path}`,
    call: async (call) => {
      const answer = await stream(call)
      try {
        return {
          status: answer.statusCode ?? 0,
          headers: headersOf(answer),
          text: await bodyOf(answer),
        }
      } catch (error) {
        throw new NoAnswer(error instanceof Error ? error.message : 'cut off', true)
      }
    },
  }
}
