/** A journey for the models' endpoint: its answer is handed on, not written to a client. */
import { Readable } from 'node:stream'
import { headerRecord } from './answer-headers.ts'
import { type Ask, Journey } from './journey.ts'
import type { GatewayRefusal } from './refusal.ts'
import type { ServiceDoor } from './service-door.ts'

export interface UpstreamRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Buffer | null
}

export interface UpstreamAnswer {
  readonly status: number
  /** By lower-case name, without those of the connection. */
  readonly headers: Record<string, string | string[]>
  /** Destroyed with an error where the replica breaks off; destroying it ends the request. */
  readonly body: Readable
}

interface Promised {
  readonly signal: AbortSignal
  resolve(answer: UpstreamAnswer): void
  reject(error: Error): void
}

export class AnswerJourney extends Journey {
  private readonly promised: Promised
  private body: Readable | null = null
  private status = 0

  constructor(door: ServiceDoor, ask: Ask, promised: Promised) {
    super(door, ask)
    this.promised = promised
    promised.signal.addEventListener('abort', this.giveUp, { once: true })
  }

  private readonly giveUp = (): void => {
    const reason: unknown = this.promised.signal.reason
    const error = reason instanceof Error ? reason : new Error('aborted')
    this.leave()
    this.promised.reject(error)
    this.body?.destroy(error)
  }

  protected override settled(): void {
    this.promised.signal.removeEventListener('abort', this.giveUp)
  }

  override onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    if (status < 200) return true
    this.answerBegins()
    this.status = status
    this.body = new Readable({
      read: resume,
      destroy: (error, done) => {
        this.leave()
        done(error)
      },
    })
    // It may break off before anybody has taken it: whoever reads it then is told.
    this.body.on('error', () => undefined)
    this.promised.resolve({ status, headers: headerRecord(raw), body: this.body })
    return true
  }

  override onData(chunk: Buffer): boolean {
    return this.body?.push(chunk) ?? true
  }

  override onComplete(): void {
    if (this.ended) return
    this.arrived(this.status)
    this.body?.push(null)
  }

  protected override refused(refusal: GatewayRefusal): void {
    this.promised.reject(refusal)
  }

  protected override broken(error: Error): void {
    this.body?.destroy(error)
  }
}

export const askFor = (request: UpstreamRequest): Ask => {
  const { method, path, body } = request
  const headers: string[] = []
  for (const [name, value] of Object.entries(request.headers)) headers.push(name, value)
  return {
    method,
    path,
    headers,
    upgrade: null,
    body: body === null ? null : { take: () => body, repeatable: true },
  }
}
