const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Aborts at the first request to end; the second one ends the process at once, as if nobody listened.
 * `forget` stops listening.
 */
export const stopSignals = (): { readonly signal: AbortSignal; forget(): void } => {
  const controller = new AbortController()
  const forget = (): void => {
    for (const name of signals) process.off(name, stop)
  }
  const stop = (): void => {
    forget()
    controller.abort()
  }
  for (const name of signals) process.on(name, stop)
  return { signal: controller.signal, forget }
}
