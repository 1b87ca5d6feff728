/** One service at the gateway: its replicas, their health, and the requests that wait for one. */
import type { Service, ServingReplica } from '#domain/serving'
import { type Holdable, HoldQueue } from './hold-queue.ts'
import type { GatewayClock, GatewayEvents, GatewayLimits } from './options.ts'
import { pickLink, ReplicaLink } from './replica-link.ts'
import { takesConnections } from './tcp-probe.ts'
import { Travellers } from './travellers.ts'

export interface DoorOptions {
  readonly limits: GatewayLimits
  readonly clock: GatewayClock
  readonly events: GatewayEvents
}

const sameAddress = (left: ServingReplica, right: ServingReplica): boolean =>
  left.host === right.host && left.port === right.port

export class ServiceDoor {
  service: Service
  readonly options: DoorOptions
  readonly travellers = new Travellers()
  readonly queue: HoldQueue
  private links: readonly ReplicaLink[] = []
  /** No longer of the service, but with requests on them. */
  private readonly leavingLinks = new Set<ReplicaLink>()
  private turn = 0
  private readonly ended = new AbortController()
  private mayHold = true
  outstanding = 0

  constructor(service: Service, options: DoorOptions) {
    this.service = service
    this.options = options
    const { maxHeld, holdMs } = options.limits
    this.queue = new HoldQueue({ maxHeld, holdMs, clock: options.clock })
    this.update(service)
  }

  /** Replicas that stay keep their connections; those that leave keep what is in flight on them. */
  update(service: Service): void {
    this.service = service
    const kept = new Set<ReplicaLink>()
    const next = service.replicas.map((replica) => {
      const link = this.links.find(
        (one) => one.replica.id === replica.id && sameAddress(one.replica, replica),
      )
      if (link) kept.add(link)
      return link ?? new ReplicaLink(replica, this.options.limits)
    })
    for (const link of this.links) {
      if (kept.has(link)) continue
      link.gone = true
      this.leavingLinks.add(link)
      this.closeIfIdle(link)
    }
    this.links = next
    this.wake()
  }

  /** Lets waiting requests go where a replica may well take them. */
  private wake(): void {
    if (this.queue.size === 0) return
    if (this.links.some((link) => link.takesRequests && link.failures === 0))
      this.queue.releaseAll()
  }

  pick(avoid: readonly ReplicaLink[]): ReplicaLink | null {
    this.turn = (this.turn + 1) % 0x40000000
    return pickLink(this.links, avoid, this.turn)
  }

  /** False where the service is no more, or the gateway ends. */
  get holds(): boolean {
    return !this.ended.signal.aborted && this.mayHold
  }

  hold(request: Holdable): boolean {
    return this.queue.add(request)
  }

  /** Nobody waits here from now on; who does already is sent away. */
  stopHolding(): void {
    this.mayHold = false
    for (const waiting of this.queue.takeAll()) waiting.expire()
  }

  entered(link: ReplicaLink): void {
    link.outstanding += 1
    this.outstanding += 1
  }

  left(link: ReplicaLink): void {
    link.outstanding -= 1
    this.outstanding -= 1
    this.closeIfIdle(link)
  }

  private closeIfIdle(link: ReplicaLink): void {
    if (!link.gone || link.outstanding > 0) return
    this.leavingLinks.delete(link)
    void link.pool.destroy()
  }

  /** The replica answers. */
  fares(link: ReplicaLink): void {
    if (link.failures === 0 && !link.ejected) return
    link.failures = 0
    if (!link.ejected) return
    link.ejected = false
    this.options.events.returned(this.service.runId, link.replica.id)
  }

  /** A connection was not made, or broke before an answer. */
  fails(link: ReplicaLink): void {
    link.failures += 1
    if (link.failures >= this.options.limits.failuresToEject && !link.ejected) {
      link.ejected = true
      this.options.events.ejected(this.service.runId, link.replica.id)
    }
    if (!link.probing) void this.probeUntilUp(link)
  }

  private async probeUntilUp(link: ReplicaLink): Promise<void> {
    const { clock, limits } = this.options
    const { host, port } = link.replica
    link.probing = true
    // A replica that takes connections and then breaks them is let back in ever more slowly.
    let waitMs = limits.probeMs * 2 ** Math.min(5, link.failures - 1)
    try {
      while (link.takesRequests && link.failures > 0) {
        await clock.sleep(waitMs, this.ended.signal)
        if (await takesConnections(host, port, limits.connectTimeoutMs)) break
        waitMs = Math.min(waitMs * 2, limits.probeMs * 32)
      }
    } catch {
      return
    } finally {
      link.probing = false
    }
    this.readmit(link)
  }

  /** Let in again, but on trial: one more failure ejects it. */
  private readmit(link: ReplicaLink): void {
    if (!link.takesRequests) return
    if (link.ejected) {
      link.ejected = false
      this.options.events.returned(this.service.runId, link.replica.id)
    }
    this.queue.releaseAll()
  }

  /** Requests in flight on the replica, or null where it is none of this service. */
  drain(replicaId: string): number | null {
    const all = [...this.links, ...this.leavingLinks]
    const link = all.find(({ replica }) => replica.id === replicaId)
    if (!link) return null
    link.draining = true
    return link.outstanding
  }

  /** Ends everything at once. */
  destroy(): void {
    this.ended.abort()
    this.travellers.cutAll()
    for (const link of [...this.links, ...this.leavingLinks]) void link.pool.destroy()
  }

  /** The service is no more: nobody waits any longer, what is in flight ends by itself. */
  dismiss(): void {
    this.ended.abort()
    this.update({ ...this.service, replicas: [] })
    this.stopHolding()
  }
}
