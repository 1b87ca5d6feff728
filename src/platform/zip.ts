/** Zip archives, read in place. Whoever made one is not trusted. */
import { crc32 } from 'node:zlib'
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl'
import { UpstreamInvalidError } from '#domain/errors'

interface ZipMember {
  /** Below the archive: no `..`, no drive, no leading slash. */
  readonly name: string
  /** Milliseconds since 1970, its clock taken for UTC; null where the archive does not tell. */
  readonly modifiedMs: number | null
  /** What it unpacks to; a stream of more, less or other bytes than the archive says breaks off. */
  open(): Promise<AsyncIterable<Uint8Array>>
}

export interface ZipArchive {
  readonly members: readonly ZipMember[]
  readonly close: () => void
}

export interface ZipLimits {
  readonly members: number
  /** Of all members together, unpacked. */
  readonly bytes: number
}

const defaultZipLimits: ZipLimits = { members: 1000, bytes: 2 ** 30 }

/** Archives made without a clock carry the first day they can. */
const firstDayMs = Date.UTC(1980, 0, 2)

const modifiedOf = (entry: Entry): number | null => {
  const modifiedMs = entry.getLastModDate({ timezone: 'UTC' }).getTime()
  return modifiedMs > firstDayMs ? modifiedMs : null
}

/** The library compares sizes, and not the checksum: a changed digit of a price would pass. */
const checked = async function* (
  bytes: AsyncIterable<Uint8Array>,
  entry: Entry,
): AsyncGenerator<Uint8Array> {
  let sum = 0
  for await (const piece of bytes) {
    sum = crc32(piece, sum)
    yield piece
  }
  if (sum !== entry.crc32)
    throw new Error(`"${entry.fileName}" has not the checksum of the archive`)
}

const memberOf = (archive: ZipFile, entry: Entry): ZipMember => ({
  name: entry.fileName,
  modifiedMs: modifiedOf(entry),
  open: async () => checked(await archive.openReadStreamPromise(entry), entry),
})

const readMembers = async (
  archive: ZipFile,
  name: string,
  limits: ZipLimits,
): Promise<readonly ZipMember[]> => {
  const members: ZipMember[] = []
  let bytes = 0
  for await (const entry of archive.eachEntry()) {
    bytes += entry.uncompressedSize
    if (members.length >= limits.members || bytes > limits.bytes) {
      throw new UpstreamInvalidError(
        `"${name}" unpacks to more than ${limits.members} files or ${limits.bytes} bytes`,
        { hint: 'is it the right file?' },
      )
    }
    if (!entry.fileName.endsWith('/')) members.push(memberOf(archive, entry))
  }
  return members
}

/** Throws UpstreamInvalidError for an archive that is damaged, too large or leads outside itself. */
export const openZip = async (
  source: Buffer | { readonly path: string },
  name: string,
  limits: ZipLimits = defaultZipLimits,
): Promise<ZipArchive> => {
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true }
  try {
    const archive = Buffer.isBuffer(source)
      ? await fromBufferPromise(source, options)
      : await openPromise(source.path, options)
    try {
      const members = await readMembers(archive, name, limits)
      return { members, close: () => archive.close() }
    } catch (error) {
      archive.close()
      throw error
    }
  } catch (error) {
    if (error instanceof UpstreamInvalidError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new UpstreamInvalidError(`"${name}" is no zip archive to be read: ${why}`, {
      cause: error,
    })
  }
}
