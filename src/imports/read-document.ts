/** One document to the offers in it. */
import { UpstreamInvalidError } from '#domain/errors'
import { readCsv } from '#platform/csv'
import { printInstant } from '#platform/http-time'
import { formatOf, lookedFor } from './detect.ts'
import { readGpuhunt } from './gpuhunt.ts'
import { knownOffers } from './known-offers.ts'
import { notToCome, timeUnknown } from './observed.ts'
import type { Reading } from './reading.ts'
import { readSkypilot } from './skypilot.ts'
import type { SourceFile } from './source-file.ts'

interface When {
  /** Said by the user; null where the document has to tell. */
  readonly observedMs: number | null
  readonly nowMs: number
}

interface ReadDocument extends Reading {
  readonly format: string
}

/** Throws a KnownError for what is no catalog, is cut off, or does not say when it was made. */
export const readDocument = async (
  file: SourceFile,
  backend: string,
  when: When,
): Promise<ReadDocument> => {
  const opened = await file.open()
  const { source, bytes, close } = opened
  try {
    const observedMs = when.observedMs ?? opened.observedMs
    if (observedMs === null) throw timeUnknown(source)
    const observedAt = printInstant(notToCome(observedMs, source, when.nowMs))
    const { header, rows } = await readCsv(bytes, source)
    const format = formatOf(header)
    if (format === null) {
      throw new UpstreamInvalidError(`"${source}" is no catalog that this program knows`, {
        hint: `looked for ${lookedFor}`,
      })
    }
    const read = format === 'gpuhunt' ? readGpuhunt : readSkypilot
    const context = { backend, observation: { source, observedAt }, known: knownOffers(backend) }
    return { format, ...(await read(rows, context)) }
  } finally {
    close()
  }
}
