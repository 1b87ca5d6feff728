/** Counts of rejected rows by reason. */
export interface Tally {
  readonly counts: ReadonlyMap<string, number>
  reject(reason: string): void
}

export const newTally = (): Tally => {
  const counts = new Map<string, number>()
  return {
    counts,
    reject: (reason) => {
      counts.set(reason, (counts.get(reason) ?? 0) + 1)
    },
  }
}
