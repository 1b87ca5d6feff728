/** A connection to a port of a pod, through the API server. */
import { EventEmitter } from 'node:events'
import { Duplex, PassThrough } from 'node:stream'
import type { Tunnel } from '#backends/kit/tunnel'
import type { Cluster } from './cluster.ts'

/** The WebSocket below, of which only its end matters. */
const isClosable = (value: unknown): value is EventEmitter & { close(): void } =>
  value instanceof EventEmitter && 'close' in value && typeof value.close === 'function'

export const reachPod = (cluster: Cluster, pod: string, port: number): Tunnel => {
  const open = new Set<Duplex>()
  return {
    open: async () => {
      const { PortForward } = await import('@kubernetes/client-node')
      const toPod = new PassThrough()
      const fromPod = new PassThrough()
      const errors = new PassThrough().resume()
      const socket: unknown = await new PortForward(cluster.config).portForward(
        cluster.namespace,
        pod,
        [port],
        fromPod,
        errors,
        toPod,
      )
      const stream = Duplex.from({ readable: fromPod, writable: toPod })
      open.add(stream)
      stream.once('close', () => open.delete(stream))
      if (isClosable(socket)) {
        socket.once('close', () => fromPod.end())
        stream.once('close', () => socket.close())
      }
      return stream
    },
    close: () => {
      for (const stream of open) stream.destroy()
    },
  }
}
