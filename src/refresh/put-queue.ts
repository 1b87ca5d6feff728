/** Backends that are ready together are put into one new file: each file costs a copy. */
import type { BackendOffers } from '#catalog/replace'

interface Waiting {
  readonly replacement: BackendOffers
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

type PutAll = (replacements: readonly BackendOffers[]) => void

const putAlone = ({ replacement, resolve, reject }: Waiting, putAll: PutAll): void => {
  try {
    putAll([replacement])
    resolve()
  } catch (error) {
    reject(error)
  }
}

/** Of several that do not go in together, each is tried alone: one that is refused spoils no other. */
const putWaiting = (waiting: readonly Waiting[], putAll: PutAll): void => {
  try {
    if (waiting.length > 1) {
      putAll(waiting.map(({ replacement }) => replacement))
      for (const { resolve } of waiting) resolve()
      return
    }
  } catch {
    // Which of them it was is found out below.
  }
  for (const one of waiting) putAlone(one, putAll)
}

/** Gives what puts a backend; it resolves once the backend is in place. */
export const putQueue = (putAll: PutAll): ((replacement: BackendOffers) => Promise<void>) => {
  let waiting: Waiting[] = []
  const flush = (): void => {
    const batch = waiting
    waiting = []
    putWaiting(batch, putAll)
  }
  return (replacement) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ replacement, resolve, reject })
    })
}
