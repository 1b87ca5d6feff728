/** The body of an answer out of its encoding: whole, or piece by piece. */
import { type Duplex, pipeline, type Readable, Writable } from 'node:stream'
import { pipeline as runPipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { tooLarge } from './http-failure.ts'

const pieceBytes = { chunkSize: 64 * 1024 }

const decoders: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', () => createGunzip(pieceBytes)],
  ['x-gzip', () => createGunzip(pieceBytes)],
  ['deflate', () => createInflate(pieceBytes)],
  ['br', () => createBrotliDecompress(pieceBytes)],
])

const decoderOf = (encoding: string): Duplex | undefined =>
  decoders.get(encoding.trim().toLowerCase())?.()

const collector = (limitBytes: number): { sink: Writable; text: () => string } => {
  const chunks: Buffer[] = []
  let size = 0
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      size += chunk.length
      if (size > limitBytes) {
        done(tooLarge(limitBytes))
        return
      }
      chunks.push(chunk)
      done()
    },
  })
  return { sink, text: () => Buffer.concat(chunks).toString('utf8') }
}

export const readText = async (
  body: Readable,
  encoding: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<string> => {
  const { sink, text } = collector(limitBytes)
  const decoder = decoderOf(encoding)
  await (decoder
    ? runPipeline(body, decoder, sink, { signal })
    : runPipeline(body, sink, { signal }))
  return text()
}

/** Whoever stops before the end closes the connection. */
export async function* readPieces(
  body: Readable,
  encoding: string,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  const decoder = decoderOf(encoding)
  // Errors of the body arrive at the decoder, whose reader gets them.
  const decoded: AsyncIterable<Buffer> = decoder ? pipeline(body, decoder, () => undefined) : body
  let size = 0
  for await (const piece of decoded) {
    size += piece.length
    if (size > limitBytes) throw tooLarge(limitBytes)
    yield piece
  }
}
