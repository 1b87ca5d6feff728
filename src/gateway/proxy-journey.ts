/** A journey whose answer streams to an HTTP client as it comes, no faster than the client reads. */
import type { ServerResponse } from 'node:http'
import { headersForClient } from './answer-headers.ts'
import { type Ask, Journey } from './journey.ts'
import { type GatewayRefusal, refuse } from './refusal.ts'
import type { ServiceDoor } from './service-door.ts'

export interface Client {
  readonly response: ServerResponse
  readonly requestId: string
}

const earlyHints = 103

const pairs = (flat: readonly string[]): [string, string][] => {
  const into: [string, string][] = []
  for (let at = 0; at < flat.length; at += 2) into.push([flat[at] ?? '', flat[at + 1] ?? ''])
  return into
}

export class ProxyJourney extends Journey {
  protected readonly client: Client
  private readonly idleTimeoutMs: number
  private status = 0
  private wroteBody = false
  private resume: (() => void) | null = null
  private stalled: NodeJS.Timeout | null = null

  constructor(door: ServiceDoor, ask: Ask, client: Client) {
    super(door, ask)
    this.client = client
    this.idleTimeoutMs = door.options.limits.idleTimeoutMs
    client.response.once('close', () => this.clientClosed())
  }

  private clientClosed(): void {
    if (this.stalled) clearTimeout(this.stalled)
    this.leave()
  }

  override onHeaders(
    status: number,
    raw: Buffer[],
    resume: () => void,
    statusText: string,
  ): boolean {
    if (status < 200) {
      this.inform(status, raw)
      return true
    }
    this.answerBegins()
    this.status = status
    this.resume = resume
    this.client.response.writeHead(status, statusText, headersForClient(raw))
    // The head does not wait for the body, but goes with it where both are here.
    queueMicrotask(() => {
      if (!this.wroteBody && !this.ended) this.client.response.flushHeaders()
    })
    return true
  }

  private inform(status: number, raw: readonly Buffer[]): void {
    const { response } = this.client
    if (status === 102) response.writeProcessing()
    if (status !== earlyHints || response.req.httpVersion === '1.0') return
    const hints = pairs(headersForClient(raw)).filter(([name]) => name.toLowerCase() === 'link')
    if (hints.length > 0) response.writeEarlyHints({ link: hints.map(([, value]) => value) })
  }

  override onData(chunk: Buffer): boolean {
    this.wroteBody = true
    if (this.client.response.write(chunk)) return true
    this.client.response.once('drain', () => this.drained())
    if (this.idleTimeoutMs > 0) {
      this.stalled = setTimeout(() => this.client.response.destroy(), this.idleTimeoutMs)
    }
    return false
  }

  private drained(): void {
    if (this.stalled) clearTimeout(this.stalled)
    this.stalled = null
    this.resume?.()
  }

  override onComplete(trailers: string[] | null): void {
    if (this.ended) return
    const { response } = this.client
    this.arrived(this.status)
    if (trailers !== null && trailers.length > 0) {
      response.addTrailers(pairs(trailers.map(String)))
    }
    response.end()
  }

  protected override refused(refusal: GatewayRefusal): void {
    refuse(this.client.response, refusal, this.client.requestId)
  }

  protected override broken(_error: Error): void {
    this.client.response.destroy()
  }
}
