/** A replica's refusal, as a client of OpenAI's API can read it. */
import type { Readable } from 'node:stream'
import type { UpstreamAnswer } from '#gateway/gateway'
import type { Exchange } from './exchange.ts'
import { isObject } from './read-body.ts'
import { answerInvalid, ModelRefusal, refuse } from './refusal.ts'

const maxErrorBytes = 256 * 1024

/** Null where it breaks off, or is too long to be an error: its status still says something. */
const readShort = async (body: Readable): Promise<Buffer | null> => {
  const chunks: Buffer[] = []
  let size = 0
  const pieces: AsyncIterable<Buffer> = body
  try {
    for await (const chunk of pieces) {
      size += chunk.length
      if (size > maxErrorBytes) return null
      chunks.push(chunk)
    }
  } catch {
    return null
  }
  return Buffer.concat(chunks)
}

const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return text
  }
}

const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

const isOfOpenai = (value: unknown): boolean =>
  isObject(value) && isObject(value['error']) && textIn(value['error']['message']) !== null

/** What servers of models call it: `error`, `message`, `detail`. */
const messageOf = (value: unknown): string | null => {
  if (!isObject(value)) return textIn(value)
  const { error, message, detail } = value
  const inDetail = isObject(detail) ? textIn(detail['message']) : textIn(detail)
  const listed = detail === undefined ? null : JSON.stringify(detail)
  return textIn(error) ?? textIn(message) ?? inDetail ?? listed
}

const typeOf = (value: unknown, status: number): string => {
  const said = isObject(value) ? (textIn(value['error_type']) ?? textIn(value['type'])) : null
  return said ?? (status >= 500 ? 'server_error' : 'invalid_request_error')
}

const wrapped = (value: unknown, status: number): ModelRefusal =>
  new ModelRefusal({
    status,
    type: typeOf(value, status),
    reason: 'upstream_error',
    message: (messageOf(value) ?? `The model's server answered HTTP ${status}.`).slice(0, 4000),
  })

/** The status as it came; the body too where it is in OpenAI's shape, and else made so. */
export const passError = async (
  { response }: Pick<Exchange, 'response'>,
  answer: UpstreamAnswer,
): Promise<void> => {
  const { status, headers } = answer
  if (status < 400) {
    answer.body.destroy()
    throw answerInvalid(`The model's server answered HTTP ${status}, which is no answer here.`)
  }
  const body = await readShort(answer.body)
  const value = body === null ? null : parsed(body.toString('utf8'))
  const retryAfter = headers['retry-after']
  if (typeof retryAfter === 'string') response.setHeader('retry-after', retryAfter)
  if (body === null || !isOfOpenai(value)) {
    refuse(response, wrapped(value, status))
    return
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
  })
  response.end(body)
}
