/** One connection to a port of a pod, over the WebSocket that an API server forwards it by. */
import { Duplex, Writable } from 'node:stream'

/** What is needed of a WebSocket, which is one of the package `ws`. */
export interface ForwardSocket {
  send(frame: Uint8Array, done: (error?: Error) => void): void
  pause(): void
  resume(): void
  close(): void
  once(event: 'close', listener: (code: number) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** Frames begin with their channel: a port has one for its data, and the next for errors. */
const dataChannel = Buffer.from([0])

const normalClosure = 1000

const errorLimit = 2000

/** The protocol knows no half of a connection: who ends writing goes on reading, and closes both. */
export class PodStream extends Duplex {
  readonly #what: string
  #socket: ForwardSocket | null = null
  #isFull = false
  #said = ''
  #failure: Error | null = null
  /** Where the other end's data goes. */
  readonly output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      this.#take(chunk)
      done()
    },
  })
  /** Where it says why there is no connection. */
  readonly errors = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      this.#said = `${this.#said}${chunk.toString()}`.slice(0, errorLimit)
      done()
    },
  })

  /** `what` is at the other end, for messages. */
  constructor(what: string) {
    super({ allowHalfOpen: false })
    this.#what = what
  }

  /** Before any data can be written. */
  attach(socket: ForwardSocket): void {
    this.#socket = socket
    socket.once('close', (code) => this.#end(code))
    socket.on('error', (error) => this.#fail(error.message))
    if (this.#isFull) socket.pause()
    if (this.destroyed) socket.close()
  }

  override _read(): void {
    if (this.#failure !== null) {
      this.destroy(this.#failure)
      return
    }
    this.#isFull = false
    this.#socket?.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket?.send(Buffer.concat([dataChannel, chunk]), done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.resume()
    this.#socket?.close()
    done(error)
  }

  #take(chunk: Buffer): void {
    // The port itself comes first, and leaves nothing.
    if (chunk.length === 0 || this.destroyed || this.push(chunk)) return
    this.#isFull = true
    this.#socket?.pause()
  }

  #end(code: number): void {
    if (this.#said !== '') this.#fail(this.#said)
    else if (code === normalClosure) this.push(null)
    else this.#fail(`the connection broke off (${code})`)
  }

  /** What has come before may still be read. */
  #fail(why: string): void {
    if (this.destroyed || this.#failure !== null) return
    this.#failure = new Error(`${this.#what}: ${why}`)
    if (this.readableLength === 0) this.destroy(this.#failure)
  }
}
