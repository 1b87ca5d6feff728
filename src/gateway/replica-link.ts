/** The connections to one replica, and how it fares. */
import { Pool } from 'undici'
import type { ServingReplica } from '#domain/serving'
import type { GatewayLimits } from './options.ts'

/** Answers with more bytes of headers than this are refused. */
const maxAnswerHeaderBytes = 64 * 1024

export class ReplicaLink {
  readonly replica: ServingReplica
  readonly pool: Pool
  /** Requests on it that have not ended, open WebSockets among them. */
  outstanding = 0
  /** Takes no new request. */
  draining = false
  /** No longer a replica of its service: closed as soon as it is idle. */
  gone = false
  /** Connections that failed since the last one that did not. */
  failures = 0
  ejected = false
  /** Waits for a probe to succeed. */
  probing = false

  constructor(replica: ServingReplica, limits: GatewayLimits) {
    this.replica = replica
    const host = replica.host.includes(':') ? `[${replica.host}]` : replica.host
    this.pool = new Pool(`http://${host}:${replica.port}`, {
      connectTimeout: limits.connectTimeoutMs,
      headersTimeout: limits.idleTimeoutMs,
      bodyTimeout: limits.idleTimeoutMs,
      maxHeaderSize: maxAnswerHeaderBytes,
    })
  }

  get takesRequests(): boolean {
    return !this.draining && !this.gone
  }
}

/** The one with the fewest outstanding requests; `turn` decides between equals. */
const leastOutstanding = (links: readonly ReplicaLink[], turn: number): ReplicaLink | null => {
  let best: ReplicaLink | null = null
  for (let step = 0; step < links.length; step++) {
    const link = links[(turn + step) % links.length]
    if (link && (best === null || link.outstanding < best.outstanding)) best = link
  }
  return best
}

/** Where the next request goes. Ejected replicas are tried where there is no other. */
export const pickLink = (
  links: readonly ReplicaLink[],
  avoid: readonly ReplicaLink[],
  turn: number,
): ReplicaLink | null => {
  const first = links[0]
  if (links.length === 1 && avoid.length === 0) return first?.takesRequests ? first : null
  const able = links.filter((link) => link.takesRequests && !avoid.includes(link))
  const well = able.filter((link) => !link.ejected)
  return leastOutstanding(well.length > 0 ? well : able, turn)
}
