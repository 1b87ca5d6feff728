/**
 * Ports of pods through an API server, as a kubelet forwards them over WebSocket: one connection for
 * each, two channels on it (data and errors), which both begin with the port in two bytes.
 * Source: pkg/kubelet/server/portforward/websocket.go of Kubernetes.
 */
import type { IncomingMessage, Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

const dataChannel = 0
const errorChannel = 1

/** What a kubelet takes; it knows no later ones. */
const protocols: ReadonlySet<string> = new Set(['v4.channel.k8s.io', ''])

export interface Forwards {
  /** Where a port of a pod really listens. */
  readonly ports: Map<number, number>
  /** How many are open. */
  readonly open: number
  /** What clients have asked to speak, in order. */
  readonly offered: string[][]
  /** Whatever leads to a pod ends without a word, as it does with its node. */
  drop(): void
  close(): void
}

const path = /^\/api\/v1\/namespaces\/dstack\/pods\/([^/]+)\/portforward$/

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)

const onChannel = (channel: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([channel]), bytes])

const portBytes = (port: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(port)
  return bytes
}

const forward = (socket: WebSocket, pod: string, port: number, local: number | undefined): void => {
  for (const channel of [dataChannel, errorChannel])
    socket.send(onChannel(channel, portBytes(port)))
  const fail = (why: string): void => {
    const message = `error forwarding port ${port} to pod ${pod}, uid : ${why}`
    socket.send(onChannel(errorChannel, Buffer.from(message)))
    socket.close(1000)
  }
  if (local === undefined) {
    fail(`failed to connect to localhost:${port} inside namespace: connection refused`)
    return
  }
  const target: Socket = connect(local, '127.0.0.1')
  target.on('data', (chunk) => {
    target.pause()
    socket.send(onChannel(dataChannel, chunk), () => target.resume())
  })
  target.once('end', () => socket.close(1000))
  target.once('error', (error) => fail(error.message))
  socket.on('message', (data) => {
    const bytes = bytesOf(data)
    if (bytes[0] === dataChannel) target.write(bytes.subarray(1))
  })
  socket.once('close', () => target.destroy())
}

const refuse = (socket: IncomingMessage['socket'], line: string): void => {
  socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
}

export const forwardPorts = (server: Server, isThere: (pod: string) => boolean): Forwards => {
  const ports = new Map<number, number>()
  const offered: string[][] = []
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (asked) => {
      offered.push([...asked])
      return [...asked].find((one) => protocols.has(one)) ?? false
    },
  })
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://cluster')
    const pod = path.exec(url.pathname)?.[1]
    const port = Number(url.searchParams.get('ports'))
    if (request.headers.authorization !== 'Bearer valid') refuse(request.socket, '401 Unauthorized')
    else if (pod === undefined || !isThere(pod)) refuse(request.socket, '404 Not Found')
    else {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        forward(opened, pod, port, ports.get(port))
      })
    }
  })
  return {
    ports,
    offered,
    get open() {
      return sockets.clients.size
    },
    drop: () => {
      for (const one of sockets.clients) one.terminate()
    },
    close: () => {
      for (const one of sockets.clients) one.terminate()
      sockets.close()
    },
  }
}
