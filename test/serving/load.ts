/** Clients that ask again and again, until they are told to stop. */
import { pause } from './stand.ts'

interface Failure {
  readonly beganMs: number
  readonly endedMs: number
  readonly problem: string
}

export interface Load<T> {
  readonly answers: readonly T[]
  readonly failures: readonly Failure[]
  /** Resolves when what is in flight has ended. */
  stop(): Promise<void>
}

/** What `fetch` says of a connection is in the cause of what it throws. */
const problemOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

export const startLoad = <T>(
  { clients, everyMs }: { readonly clients: number; readonly everyMs: number },
  ask: () => Promise<T>,
): Load<T> => {
  const answers: T[] = []
  const failures: Failure[] = []
  const stopped = new AbortController()
  const client = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const beganMs = performance.now()
      try {
        answers.push(await ask())
      } catch (error) {
        failures.push({ beganMs, endedMs: performance.now(), problem: problemOf(error) })
      }
      await pause(everyMs)
    }
  }
  const all = Array.from({ length: clients }, client)
  return {
    answers,
    failures,
    stop: async () => {
      stopped.abort()
      await Promise.all(all)
    },
  }
}
