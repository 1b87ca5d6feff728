/** The body of a client's request: whole where it is here already, else as it comes. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { JourneyBody } from './journey.ts'
import { bodyTooLarge, GatewayRefusal } from './refusal.ts'

interface BodyLimits {
  readonly maxBodyBytes: number | null
  readonly idleTimeoutMs: number
}

interface Wishes {
  readonly limits: BodyLimits
  /** Tells a client that waits for it to send the body. */
  readonly invite: () => void
}

/** The client stopped in the middle of its body. */
const uploadStalled = (): GatewayRefusal =>
  new GatewayRefusal({
    status: 408,
    type: 'invalid_request_error',
    reason: 'body_timeout',
    message: 'The rest of the body did not come in time.',
  })

const cutOff = (): GatewayRefusal =>
  new GatewayRefusal({
    status: 400,
    type: 'invalid_request_error',
    reason: 'body_incomplete',
    message: 'The connection ended before the body did.',
  })

/**
 * Reads from the request only when somebody reads from it, and never destroys the request: an
 * attempt that fails before the body was touched leaves it whole for the next.
 */
class Upload extends Readable {
  private readonly request: IncomingMessage
  private readonly wishes: Wishes
  private begun = false
  private bytes = 0
  private stalled: NodeJS.Timeout | null = null

  constructor(request: IncomingMessage, wishes: Wishes) {
    super({ highWaterMark: 64 * 1024 })
    this.request = request
    this.wishes = wishes
  }

  override _read(): void {
    if (!this.begun) this.begin()
    this.watch()
    this.request.resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.stalled) clearTimeout(this.stalled)
    if (this.begun) {
      this.request.off('data', this.taken).off('end', this.finish).off('close', this.abandon)
    }
    done(error)
  }

  private begin(): void {
    this.begun = true
    this.wishes.invite()
    this.request.on('data', this.taken).on('end', this.finish).on('close', this.abandon)
  }

  private watch(): void {
    const { idleTimeoutMs } = this.wishes.limits
    if (this.stalled !== null || idleTimeoutMs === 0) return
    this.stalled = setTimeout(() => this.destroy(uploadStalled()), idleTimeoutMs)
  }

  private readonly taken = (chunk: Buffer): void => {
    const { maxBodyBytes } = this.wishes.limits
    this.bytes += chunk.length
    if (maxBodyBytes !== null && this.bytes > maxBodyBytes) {
      this.destroy(bodyTooLarge(maxBodyBytes))
      return
    }
    this.stalled?.refresh()
    if (this.push(chunk)) return
    this.request.pause()
    // The replica is slow now, not the client.
    if (this.stalled) clearTimeout(this.stalled)
    this.stalled = null
  }

  private readonly finish = (): void => {
    if (this.stalled) clearTimeout(this.stalled)
    this.push(null)
  }

  private readonly abandon = (): void => {
    if (!this.request.readableEnded) this.destroy(cutOff())
  }
}

/** What fits into one read of a socket came with its head, and is kept for another attempt. */
export class ClientBody implements JourneyBody {
  private readonly request: IncomingMessage
  private readonly wishes: Wishes
  private whole: Buffer | null = null

  constructor(request: IncomingMessage, wishes: Wishes) {
    this.request = request
    this.wishes = wishes
  }

  get repeatable(): boolean {
    return this.whole !== null
  }

  take(): Buffer | Readable {
    if (this.whole === null && this.isHere()) {
      const rest: unknown = this.request.read()
      this.whole = Buffer.isBuffer(rest) ? rest : Buffer.alloc(0)
      // Nothing is left but its end, without which the connection takes no further request.
      this.request.resume()
    }
    return this.whole ?? new Upload(this.request, this.wishes)
  }

  private isHere(): boolean {
    const { complete, readableFlowing, readableLength, headers } = this.request
    if (readableFlowing !== null) return false
    return complete || (readableLength > 0 && headers['content-length'] === `${readableLength}`)
  }
}

export const hasBody = (request: IncomingMessage): boolean => {
  const { headers } = request
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}
