/** A request on its way to a replica: waiting, sent, sent again where that is safe, and ended once. */
import type { Readable } from 'node:stream'
import { type Dispatcher, errors } from 'undici'
import type { Holdable } from './hold-queue.ts'
import {
  badRequest,
  GatewayRefusal,
  notReady,
  queueFull,
  replicaFailed,
  replicaSilent,
  tookTooLong,
} from './refusal.ts'
import type { ReplicaLink } from './replica-link.ts'
import type { ServiceDoor } from './service-door.ts'
import type { Traveller } from './travellers.ts'

export interface JourneyBody {
  /** For one attempt. A body that was begun and cannot be had again is not asked for twice. */
  take(): Buffer | Readable
  /** Whether `take` gives the whole of it, each time. */
  readonly repeatable: boolean
}

export interface Ask {
  readonly method: string
  readonly path: string
  /** Name and value in turn. */
  readonly headers: string[]
  readonly body: JourneyBody | null
  readonly upgrade: string | null
}

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

const isTimeout = (error: Error): boolean =>
  error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError

const left = new errors.RequestAbortedError('the client left')

/** Where a client that left before its answer is counted. */
const clientLeft = 499

export abstract class Journey implements Dispatcher.DispatchHandler, Holdable, Traveller {
  place = -1
  holdUntilMs: number | null = null
  protected ended = false
  protected answering = false
  private readonly door: ServiceDoor
  private readonly ask: Ask
  private readonly startedMs: number
  private firstByteMs: number | null = null
  private link: ReplicaLink | null = null
  private abortAttempt: ((error?: Error) => void) | null = null
  private sent = false
  private tried: ReplicaLink[] = []
  private breaks = 0
  private timer: NodeJS.Timeout | null = null

  constructor(door: ServiceDoor, ask: Ask) {
    this.door = door
    this.ask = ask
    this.startedMs = door.options.clock.nowMs()
  }

  /** No answer of a replica comes: the client is told why. Nothing was answered before. */
  protected abstract refused(refusal: GatewayRefusal): void
  /** The answer stops in its middle: the client must see that it is not whole. */
  protected abstract broken(error: Error): void

  /** It is over, however it ended. */
  protected settled(): void {}

  abstract onHeaders(
    status: number,
    headers: Buffer[],
    resume: () => void,
    statusText: string,
  ): boolean
  abstract onData(chunk: Buffer): boolean
  abstract onComplete(trailers: string[] | null): void

  begin(): void {
    const { requestTimeoutMs } = this.door.options.limits
    // The client may have left before its body was looked at.
    if (this.ended) return
    this.door.travellers.add(this)
    if (requestTimeoutMs > 0) {
      this.timer = setTimeout(() => this.fail(tookTooLong(this.run)), requestTimeoutMs)
    }
    this.go()
  }

  protected get run(): string {
    return this.door.service.run
  }

  release(): void {
    this.tried = []
    if (!this.ended) this.go()
  }

  expire(): void {
    if (!this.ended) this.fail(notReady(this.run))
  }

  /** The client is gone, and with it the need for an answer. */
  leave(): void {
    if (this.ended) return
    this.end(clientLeft)
    this.door.queue.remove(this)
    this.abortAttempt?.(left)
  }

  cut(): void {
    this.fail(replicaFailed(this.run, left))
  }

  private go(): void {
    const link = this.door.pick(this.tried)
    if (link !== null) this.attempt(link)
    else if (!this.door.holds) this.fail(notReady(this.run))
    else if (!this.door.hold(this)) this.fail(queueFull(this.run))
  }

  private attempt(link: ReplicaLink): void {
    const { method, path, headers, body, upgrade } = this.ask
    this.link = link
    this.sent = false
    this.door.entered(link)
    link.pool.dispatch({ method, path, headers, body: body?.take() ?? null, upgrade }, this)
  }

  onConnect(abort: (error?: Error) => void): void {
    this.sent = true
    this.abortAttempt = abort
    if (this.ended) abort(left)
  }

  /** The head of the answer is here. */
  protected answerBegins(): void {
    this.answering = true
    this.firstByteMs = this.door.options.clock.nowMs() - this.startedMs
    if (this.link) this.door.fares(this.link)
  }

  /** The last byte is on its way to the client. */
  protected arrived(status: number): void {
    this.leaveLink()
    this.end(status)
  }

  private leaveLink(): void {
    const { link } = this
    this.link = null
    this.abortAttempt = null
    if (link) this.door.left(link)
  }

  onError(error: Error): void {
    const { link } = this
    this.leaveLink()
    if (this.ended || link === null) return
    if (error instanceof GatewayRefusal) this.fail(error)
    else if (error instanceof errors.InvalidArgumentError) this.fail(badRequest(error.message))
    else if (this.answering) this.fail(error)
    else this.retry(link, error)
  }

  private retry(link: ReplicaLink, error: Error): void {
    if (isTimeout(error)) {
      this.fail(replicaSilent(this.run, error))
      return
    }
    this.door.fails(link)
    this.tried.push(link)
    if (this.sent) this.breaks += 1
    // Nothing was sent of it, so nothing can happen twice.
    if (!this.sent || this.mayRepeat()) this.go()
    else this.fail(replicaFailed(this.run, error))
  }

  private mayRepeat(): boolean {
    const { method, body } = this.ask
    return (
      idempotent.has(method) &&
      (body === null || body.repeatable) &&
      this.breaks <= this.door.options.limits.maxRetries
    )
  }

  /** Ends it for good, as an answer that was not given, or not given whole. */
  protected fail(error: Error): void {
    if (this.ended) return
    const refusal = error instanceof GatewayRefusal ? error : replicaFailed(this.run, error)
    this.end(refusal.status)
    this.door.queue.remove(this)
    this.abortAttempt?.(error)
    if (this.answering) this.broken(error)
    else this.refused(refusal)
  }

  private end(status: number): void {
    this.ended = true
    this.door.travellers.remove(this)
    if (this.timer !== null) clearTimeout(this.timer)
    const tookMs = this.door.options.clock.nowMs() - this.startedMs
    const { runId } = this.door.service
    this.door.options.events.answered({ runId, status, tookMs, firstByteMs: this.firstByteMs })
    this.settled()
  }
}
