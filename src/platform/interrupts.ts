const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Calls back at each request to end, with how many there were; returns how to stop listening. */
export const onInterrupts = (heard: (count: number) => void): (() => void) => {
  let count = 0
  const listener = (): void => {
    count += 1
    heard(count)
  }
  for (const name of signals) process.on(name, listener)
  return () => {
    for (const name of signals) process.off(name, listener)
  }
}
