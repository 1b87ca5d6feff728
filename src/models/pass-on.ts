/** For replicas that speak OpenAI's API: request and answer as they come. */
import type { IncomingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { UpstreamAnswer } from '#gateway/gateway'
import { isHopByHop } from '#gateway/request-head'
import { eventStreamHeaders, type Exchange, isSuccess } from './exchange.ts'
import { passError } from './upstream-error.ts'

/** The token opened this endpoint and is not the replica's to see; what it frames is not ours. */
const withheld: ReadonlySet<string> = new Set([
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-length',
  'cookie',
  'forwarded',
  'host',
  'x-real-ip',
])

const isWithheld = (name: string): boolean =>
  withheld.has(name) || isHopByHop(name) || name.startsWith('x-forwarded-')

/** No encoding, so that an error can be read and no event waits for a compressor. */
const headersFor = (headers: IncomingHttpHeaders): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !isWithheld(name) ? [[name, value]] : [],
    ),
  ),
  'accept-encoding': 'identity',
})

const isDropped = (name: string): boolean =>
  name === 'set-cookie' || isHopByHop(name) || name.startsWith('access-control-')

const headersFrom = ({ headers }: UpstreamAnswer): Record<string, string | string[]> => {
  const isStream = String(headers['content-type'] ?? '').startsWith('text/event-stream')
  return {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !isDropped(name))),
    ...(isStream ? eventStreamHeaders : {}),
  }
}

/** `path` at the replica. Its answer ends broken where the replica breaks off, never cleanly. */
export const passOn = async (exchange: Exchange, path: string): Promise<void> => {
  const { request, response, body } = exchange
  const headers = headersFor(request.headers)
  const answer = await exchange.ask({ method: 'POST', path, headers, body })
  if (!isSuccess(answer)) {
    await passError(exchange, answer)
    return
  }
  response.writeHead(answer.status, headersFrom(answer))
  response.flushHeaders()
  try {
    await pipeline(answer.body, response)
  } catch {
    // Either side broke off: the gateway has counted it, and the pipeline has cut the other.
    response.destroy()
  }
}
