/** A tunnel that is kept for the connections to come, and replaced when it leads nowhere any more. */
import type { Duplex } from 'node:stream'
import type { Tunnel } from '#backends/kit/tunnel'

interface Held {
  readonly tunnel: Tunnel
  streams: number
  isRetired: boolean
}

/** Nothing is opened before it is needed. */
export const holdTunnel = (make: () => Promise<Tunnel>): Tunnel => {
  let current: Promise<Held> | null = null
  let isClosed = false

  const begin = async (): Promise<Held> => ({ tunnel: await make(), streams: 0, isRetired: false })

  const closeIfDone = (held: Held): void => {
    if (held.isRetired && held.streams === 0) held.tunnel.close()
  }

  /** What still flows through it may end in peace. */
  const retire = (asked: Promise<Held>, held: Held): void => {
    if (current === asked) current = null
    held.isRetired = true
    closeIfDone(held)
  }

  const hold = (asked: Promise<Held>, held: Held): Promise<Duplex> => {
    held.streams += 1
    const leave = (): void => {
      held.streams -= 1
      closeIfDone(held)
    }
    return held.tunnel.open().then(
      (stream) => stream.once('close', leave),
      (error: unknown) => {
        leave()
        retire(asked, held)
        throw error
      },
    )
  }

  const through = async (asked: Promise<Held>): Promise<Duplex> => {
    current = asked
    try {
      return await hold(asked, await asked)
    } catch (error) {
      if (current === asked) current = null
      throw error
    }
  }

  return {
    open: async () => {
      if (isClosed) throw new Error('the way is closed')
      const asked = current
      if (asked === null) return through(begin())
      try {
        return await through(asked)
      } catch (error) {
        // One that led there once may do so no more, which says nothing of a new one.
        if (isClosed) throw error
        return through(current ?? begin())
      }
    },
    close: () => {
      isClosed = true
      void current?.then(
        ({ tunnel }) => tunnel.close(),
        () => undefined,
      )
    },
  }
}
