import { request } from 'node:http'
import type { Tunnel } from '#backends/kit/tunnel'

/** What the service at the other end says; nothing where none answers yet. */
export const askThrough = async (tunnel: Tunnel): Promise<string> => {
  const stream = await tunnel.open().catch(() => null)
  if (stream === null) return ''
  return new Promise((resolve) => {
    const fail = () => resolve('')
    stream.once('error', fail)
    request({ path: '/', createConnection: () => stream }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve(text))
    })
      .once('error', fail)
      .end()
  })
}
