/** A journey that asks for a WebSocket, and joins the two connections where the replica agrees. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { headersForClient } from './answer-headers.ts'
import type { Ask } from './journey.ts'
import { type Client, ProxyJourney } from './proxy-journey.ts'
import type { ServiceDoor } from './service-door.ts'

interface UpgradeClient extends Client {
  readonly socket: Duplex
  /** What came after the head of the request. */
  readonly head: Buffer
}

const switching = 101

/** What a client may send before the replica agreed. */
const maxEarlyBytes = 64 * 1024

const headText = (status: number, headers: readonly string[]): string => {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n`
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${text}\r\n`
}

/** Calls back once nothing came or went for so long. */
const onIdle = (sockets: readonly Duplex[], idleMs: number, idle: () => void): NodeJS.Timeout => {
  const timer = setTimeout(idle, idleMs)
  for (const socket of sockets) socket.on('data', () => timer.refresh())
  return timer
}

export class UpgradeJourney extends ProxyJourney {
  private readonly socket: Duplex
  private readonly early: Buffer[]
  private readonly idleMs: number
  private joined: Duplex | null = null

  constructor(door: ServiceDoor, ask: Ask, client: UpgradeClient) {
    super(door, ask, client)
    this.socket = client.socket
    this.early = [client.head]
    this.idleMs = door.options.limits.idleTimeoutMs
    // Only a connection that is read tells that its other end is gone.
    client.socket.on('data', this.collect).on('end', this.abandon).once('close', this.abandon)
  }

  private readonly collect = (chunk: Buffer): void => {
    this.early.push(chunk)
    const bytes = this.early.reduce((sum, { length }) => sum + length, 0)
    if (bytes > maxEarlyBytes) this.socket.destroy()
  }

  private readonly abandon = (): void => {
    this.socket.destroy()
    this.leave()
  }

  onUpgrade(_status: number, raw: Buffer[] | string[] | null, replica: Duplex): void {
    const { socket } = this
    if (this.ended || socket.destroyed) {
      replica.destroy()
      this.arrived(switching)
      return
    }
    this.answerBegins()
    this.joined = replica
    const headers = headersForClient((raw ?? []).map((one) => Buffer.from(one)))
    socket.write(Buffer.from(headText(switching, headers), 'latin1'))
    socket.off('data', this.collect).off('end', this.abandon).off('close', this.abandon)
    replica.write(Buffer.concat(this.early.splice(0)))
    this.join(replica)
  }

  private join(replica: Duplex): void {
    const { socket } = this
    const both = [socket, replica]
    const timer =
      this.idleMs > 0 ? onIdle(both, this.idleMs, () => both.map((one) => one.destroy())) : null
    const end = (): void => {
      if (timer) clearTimeout(timer)
      for (const one of both) one.destroy()
      if (!this.ended) this.arrived(switching)
    }
    for (const one of both) one.on('error', end).on('close', end)
    socket.pipe(replica)
    replica.pipe(socket)
  }

  /** Once joined, it lasts as long as its connections. */
  override leave(): void {
    if (this.joined === null) super.leave()
  }

  protected override broken(error: Error): void {
    this.joined?.destroy()
    this.socket.destroy(error)
  }
}
