/** A port of this machine that leads somewhere else. */
import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface Forward {
  /** Where it listens: the wanted port, or a free one. */
  readonly port: number
  close(): void
}

const join = async (socket: Socket, open: () => Promise<Duplex>): Promise<void> => {
  socket.on('error', () => undefined)
  try {
    const other = await open()
    other.on('error', () => socket.destroy())
    other.on('close', () => socket.destroy())
    socket.on('close', () => other.destroy())
    socket.pipe(other)
    other.pipe(socket)
  } catch {
    // Whoever connected sees the connection end, as with any service that is not there.
    socket.destroy()
  }
}

/** Each connection opens one of its own. A port that is taken, or 0, gives a free one. */
export const forwardPort = (wanted: number, open: () => Promise<Duplex>): Promise<Forward> => {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    void join(socket, open)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (wanted === 0) reject(error)
      else resolve(forwardPort(0, open))
    })
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : wanted
      const close = (): void => {
        server.close()
        for (const socket of sockets) socket.destroy()
      }
      resolve({ port, close })
    })
  })
}
