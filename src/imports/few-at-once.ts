import type { Downloads } from '#platform/http-download'

const most = 6

/** Of a catalog in many files so many are asked for at once: neither its host nor memory bears all. */
export const fewAtOnce = (downloads: Downloads): Downloads => {
  const waiting: (() => void)[] = []
  let running = 0
  const enter = async (): Promise<void> => {
    if (running < most) running += 1
    // Whoever leaves hands over its place, so the count stays.
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return {
    get: async (url) => {
      await enter()
      try {
        return await downloads.get(url)
      } finally {
        leave()
      }
    },
    close: () => downloads.close(),
  }
}
