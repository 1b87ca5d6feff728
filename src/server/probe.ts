/** Whether an HTTP server answers, be it with an error: an engine's proxy accepts for nobody. */
import type { Duplex } from 'node:stream'

const request =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: dstack-offers\r\nConnection: close\r\n\r\n'

/** `open` gives a fresh connection, and may throw. */
export const answersHttp = async (
  open: () => Promise<Duplex>,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<boolean> => {
  let stream: Duplex
  try {
    stream = await open()
  } catch {
    return false
  }
  return new Promise((resolve) => {
    const end = (answers: boolean): void => {
      clearTimeout(timer)
      stream.destroy()
      resolve(answers)
    }
    const timer = setTimeout(() => end(false), timeoutMs)
    stream.on('error', () => end(false))
    stream.on('close', () => end(false))
    stream.once('data', (chunk: Buffer) => end(chunk.toString('latin1').startsWith('HTTP/')))
    stream.write(request)
  })
}
