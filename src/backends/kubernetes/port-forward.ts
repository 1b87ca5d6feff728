/** The way to a port of a pod, through the API server. */
import { PassThrough } from 'node:stream'
import type { Tunnel } from '#backends/kit/tunnel'
import type { Cluster } from './cluster.ts'
import { PodStream } from './pod-stream.ts'

const answerMs = 30_000

/** The WebSocket of the client's is handed out; its failures are events of it, and no errors. */
const reasonOf = (failure: unknown): string => {
  const message: unknown =
    typeof failure === 'object' && failure !== null ? Reflect.get(failure, 'message') : null
  return typeof message === 'string' && message !== '' ? message : 'no answer'
}

/** Settles as the work does, or fails when it takes too long. */
const within = async <T>(work: Promise<T>, limitMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error('no answer in time')), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const connect = async (cluster: Cluster, pod: string, port: number, stream: PodStream) => {
  const { PortForward } = await import('@kubernetes/client-node')
  const socket = await new PortForward(cluster.config).portForward(
    cluster.namespace,
    encodeURIComponent(pod),
    [port],
    stream.output,
    stream.errors,
    // It would send without waiting, however slow the other end: the stream sends by itself.
    new PassThrough(),
  )
  if (typeof socket === 'function') throw new Error('the client has no connection')
  stream.attach(socket)
}

/**
 * A connection is open before its other end is tried: where nothing listens, its stream fails at
 * once, with what the node says of it.
 */
export const reachPod = (cluster: Cluster, pod: string, port: number): Tunnel => {
  const open = new Set<PodStream>()
  return {
    open: async () => {
      const what = `port ${port} of pod "${pod}"`
      const stream = new PodStream(what)
      open.add(stream)
      stream.once('close', () => open.delete(stream))
      try {
        await within(connect(cluster, pod, port, stream), answerMs)
      } catch (error) {
        stream.destroy()
        throw new Error(`${what}: ${reasonOf(error)}`, { cause: error })
      }
      if (stream.destroyed) throw new Error(`${what}: the way was closed`)
      return stream
    },
    close: () => {
      for (const stream of open) stream.destroy()
    },
  }
}
