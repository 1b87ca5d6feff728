/** A socket of this machine that leads somewhere else, for as long as it is needed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, pipeline } from 'node:stream'

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })

const lead = async (socket: Socket, open: () => Promise<Duplex>): Promise<void> => {
  socket.on('error', () => undefined)
  try {
    const other = await open()
    pipeline(socket, other, () => undefined)
    pipeline(other, socket, () => undefined)
  } catch {
    // Whoever connected sees the connection end.
    socket.destroy()
  }
}

/** Each connection opens one of its own; only this user can connect. */
export const withForwardedSocket = async <T>(
  open: () => Promise<Duplex>,
  work: (path: string) => Promise<T>,
): Promise<T> => {
  // The folder is made for its owner alone.
  const folder = mkdtempSync(join(tmpdir(), 'dso-'))
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    void lead(socket, open)
  })
  try {
    const path = join(folder, 'socket')
    await listen(server, path)
    return await work(path)
  } finally {
    server.close()
    for (const socket of sockets) socket.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}
