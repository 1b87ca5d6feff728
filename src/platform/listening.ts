/** Who listens where on this machine. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** A port of the loopback interface that nobody listens on: the wanted one if it is free. */
export const freePort = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      if (wanted === 0) reject(error)
      else resolve(freePort(0))
    })
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : wanted
      server.close(() => resolve(port))
    })
  })

const linesOf = (path: string): readonly string[] => {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

const listening = '0A'

/** Port by the inode of the socket that listens on it. */
const listeners = (): ReadonlyMap<string, number> => {
  const ports = new Map<string, number>()
  for (const line of [...linesOf('/proc/net/tcp'), ...linesOf('/proc/net/tcp6')]) {
    const fields = line.trim().split(/\s+/)
    const port = /:([0-9A-F]{4})$/.exec(fields[1] ?? '')?.[1]
    const inode = fields[9]
    if (fields[3] === listening && port !== undefined && inode !== undefined) {
      ports.set(inode, Number.parseInt(port, 16))
    }
  }
  return ports
}

const socketsOf = (pid: string): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`)
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      return inode === undefined ? [] : [inode]
    })
  } catch {
    // It has ended meanwhile, or is not ours to look into.
    return []
  }
}

const isOfGroup = (pid: string, group: number): boolean => {
  const stat = linesOf(`/proc/${pid}/stat`).join(' ')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2] === String(group)
}

/** What the processes of a group listen on; empty too where the system does not tell (not Linux). */
export const portsOfGroup = (group: number): ReadonlySet<number> => {
  const ports = listeners()
  const pids = ports.size === 0 ? [] : readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const sockets = pids.filter((pid) => isOfGroup(pid, group)).flatMap(socketsOf)
  return new Set(sockets.flatMap((inode) => ports.get(inode) ?? []))
}
