/** The container engine of a host, spoken to as if it were here. */
import { withForwardedSocket } from '#platform/forward'
import { SshFailure, type SshLink } from '#platform/ssh'
import type { CloudIo } from './cloud-io.ts'

/** A host, and where its engine listens. */
export interface EngineHost {
  readonly link: SshLink
  readonly socket: string
}

export const usualEngineSocket = '/var/run/docker.sock'

/** Before anything is asked of it: a connection that breaks later says less. */
const assertEngine = async ({ link, socket }: EngineHost): Promise<void> => {
  try {
    const probe = await link.openSocket(socket)
    probe.on('error', () => undefined)
    probe.destroy()
  } catch {
    const reason = `the host has no container engine at ${socket} that this user may use`
    throw new SshFailure('no-engine', reason)
  }
}

/** `io` as the engine's functions take it: it leads to the host. Throws SshFailure without one. */
export const withEngineOf = async <T>(
  host: EngineHost,
  io: CloudIo,
  work: (io: CloudIo) => Promise<T>,
): Promise<T> => {
  await assertEngine(host)
  return withForwardedSocket(
    () => host.link.openSocket(host.socket),
    (path) => work({ ...io, credentials: { address: `unix://${path}` } }),
  )
}

/** What comes piece by piece, for as long as it is read. */
export async function* streamOfEngine(
  host: EngineHost,
  io: CloudIo,
  make: (io: CloudIo) => AsyncIterable<string>,
): AsyncGenerator<string> {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const opened = new Promise<{ readonly engine: CloudIo; readonly work: Promise<void> }>(
    (resolve, reject) => {
      const work: Promise<void> = withEngineOf(host, io, async (engine) => {
        resolve({ engine, work })
        await ended
      })
      work.catch(reject)
    },
  )
  const { engine, work } = await opened
  try {
    yield* make(engine)
  } finally {
    end()
    await work
  }
}
