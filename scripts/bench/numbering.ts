/** Numbers things as they are first seen. */
export interface Numbering<T> {
  of(one: T): number
  all(): readonly T[]
}

export const numbering = <T>(): Numbering<T> => {
  const numbers = new Map<T, number>()
  return {
    of: (one) => {
      const number = numbers.get(one) ?? numbers.size
      numbers.set(one, number)
      return number
    },
    all: () => [...numbers.keys()],
  }
}
