/** What waits, by whom it is for: each has its turn after one of every other's. */
export interface FairTurns<T> {
  push(key: string, one: T): void
  next(): T | undefined
}

export const newFairTurns = <T>(): FairTurns<T> => {
  const waiting = new Map<string, T[]>()
  return {
    push: (key, one) => {
      const others = waiting.get(key)
      if (others) others.push(one)
      else waiting.set(key, [one])
    },
    next: () => {
      const [first] = waiting
      if (!first) return undefined
      const [key, queue] = first
      const one = queue.shift()
      waiting.delete(key)
      if (queue.length > 0) waiting.set(key, queue)
      return one
    },
  }
}
