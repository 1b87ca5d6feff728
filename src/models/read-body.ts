/** The body of a request, whole: a model's name is somewhere in it. */
import type { IncomingMessage } from 'node:http'
import { bodyTooLarge, encodedBody, noJson } from './refusal.ts'

export const readBody = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') {
      reject(encodedBody(encoding))
      return
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      reject(bodyTooLarge(maxBytes))
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) {
        chunks.push(chunk)
        return
      }
      // What still comes is thrown away, so that the client gets to read the refusal.
      chunks.length = 0
      reject(bodyTooLarge(maxBytes))
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the client left')))
  })

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Strict, so that nobody behind us reads another model's name in the same bytes. */
export const parseObject = (body: Buffer): JsonObject => {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    throw noJson()
  }
  if (!isObject(value)) throw noJson()
  return value
}
