/** Pages of the server itself, beside those of its services. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IdentifyBearer } from '#domain/serving'
import type { Metrics } from './metrics.ts'

export interface OwnPagesOptions {
  readonly identify: IdentifyBearer
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>
  /** Null where requests are welcome; else why they are not. */
  readonly notReady: () => string | null
}

/** False where the request is for somebody else. */
export type OwnPages = (request: IncomingMessage, response: ServerResponse) => boolean

const answer = (
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Names of runs and what they cost are nobody's business but the owner's. */
const printMetrics = async (
  { identify, metrics }: OwnPagesOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (identify(request.headers.authorization) === null) {
    answer(response, 401, 'a token is needed\n')
    return
  }
  try {
    answer(response, 200, await metrics.text(), metrics.contentType)
  } catch {
    answer(response, 500, 'the metrics cannot be gathered\n')
  }
}

export const newOwnPages = (options: OwnPagesOptions): OwnPages => {
  const pages = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>([
    ['/healthz', (_, response) => answer(response, 200, 'ok\n')],
    [
      '/readyz',
      (_, response) => {
        const reason = options.notReady()
        answer(response, reason === null ? 200 : 503, `${reason ?? 'ready'}\n`)
      },
    ],
    ['/metrics', (request, response) => void printMetrics(options, request, response)],
  ])
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const page = pages.get(request.url ?? '')
    page?.(request, response)
    return page !== undefined
  }
}
