/** A kubeconfig for a scripted server, and the lists that it answers in good times. */
import { writeFileSync } from 'node:fs'
import type { Asked, Reply } from '../../contract/scripted-server.ts'
import { recorded } from './recorded.ts'

export const token = 'canary-token-of-the-cluster'

export const writeKubeconfig = (path: string, server: string): void => {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token } }],
  }
  writeFileSync(path, JSON.stringify(config))
}

interface Wire {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>>
  readonly status: Readonly<Record<string, unknown>>
}

/** The nodes of the recording: no controller was there to take the taint off, and no user to set a price. */
export const nodesWith = (change: (node: Wire, name: string) => object): readonly unknown[] => {
  const { items } = recorded('list nodes').response.body as { items: readonly Wire[] }
  return items.map((node) => {
    const open = { ...node, spec: {} }
    return { ...open, ...change(open, String(node.metadata['name'])) }
  })
}

/** Annotations of a node. */
export const annotated = ({ metadata }: Wire, price: string) => ({
  metadata: { ...metadata, annotations: { 'dstack-offers/price-per-hour': price } },
})

/** A pod on a node, which keeps these for itself. */
export const podOn = (
  nodeName: string,
  requests: Readonly<Record<string, string>>,
  phase = 'Running',
) => ({
  metadata: { name: 'a-pod', uid: 'u1' },
  spec: { nodeName, containers: [{ resources: { requests } }] },
  status: { phase },
})

export interface Lists {
  readonly nodes: readonly unknown[]
  readonly pods: readonly unknown[]
}

/** In pages of two. */
export const answerOf = ({ nodes, pods }: Lists, { path, query, headers }: Asked): Reply => {
  if (headers.authorization !== `Bearer ${token}`) return { status: 401, body: '{}' }
  const all = path === '/api/v1/nodes' ? nodes : path === '/api/v1/pods' ? pods : null
  if (all === null) return { status: 404, body: '{}' }
  const from = Number(query.get('continue') ?? '0')
  const more = all.length > from + 2 ? { continue: String(from + 2) } : {}
  return { body: JSON.stringify({ metadata: more, items: all.slice(from, from + 2) }) }
}
