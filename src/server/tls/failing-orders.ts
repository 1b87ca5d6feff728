/** Names whose orders have failed, or never ended, and since when they may be tried again: on disk. */
import { dirname } from 'node:path'
import { makeFolderOnce, replaceFile } from '#platform/private-folders'
import { readTextFile, removeTree } from '#platform/text-files'

interface Failing {
  /** Orders in a row that gave no certificate; one that was begun and never ended counts. */
  readonly failures: number
  readonly retryMs: number
}

export interface FailingOrders {
  find(host: string): Failing | null
  /** In force at once; throws where it cannot be written down. */
  note(host: string, failing: Failing): void
  forget(host: string): void
}

/** Long after it might have been tried again, nobody asks for a name any more. */
const keptMs = 7 * 24 * 60 * 60 * 1000

const isFailing = (value: unknown): value is Failing =>
  typeof value === 'object' &&
  value !== null &&
  'failures' in value &&
  Number.isInteger(value.failures) &&
  'retryMs' in value &&
  Number.isFinite(value.retryMs)

/** What cannot be read keeps nobody from a certificate. */
const read = (path: string): Map<string, Failing> => {
  try {
    const value: unknown = JSON.parse(readTextFile(path) ?? '{}')
    const entries: readonly [string, unknown][] = Object.entries(value ?? {})
    return new Map(entries.flatMap(([host, one]) => (isFailing(one) ? [[host, one] as const] : [])))
  } catch {
    return new Map()
  }
}

export const newFailingOrders = (path: string, nowMs: () => number): FailingOrders => {
  const failing = read(path)
  const write = (): void => {
    for (const [host, { retryMs }] of failing) {
      if (retryMs + keptMs < nowMs()) failing.delete(host)
    }
    if (failing.size === 0) {
      removeTree(path)
      return
    }
    makeFolderOnce(dirname(path))
    replaceFile(path, `${JSON.stringify(Object.fromEntries(failing), null, 2)}\n`)
  }
  return {
    find: (host) => failing.get(host) ?? null,
    note: (host, one) => {
      failing.set(host, one)
      write()
    },
    forget: (host) => {
      if (failing.delete(host)) write()
    },
  }
}
