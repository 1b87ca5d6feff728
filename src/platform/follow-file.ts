/** The text of a file that another process still writes to. */
import { type FileHandle, open } from 'node:fs/promises'

const pieceBytes = 64 * 1024

export interface FollowOptions {
  /** Asked at the end of what there is: true waits for more. */
  readonly goesOn: () => boolean
  readonly pause: () => Promise<void>
  readonly signal: AbortSignal
}

/** What there is, then what comes, until it does not go on or the signal aborts. */
export async function* followFile(
  path: string,
  { goesOn, pause, signal }: FollowOptions,
): AsyncGenerator<string> {
  const file = await openIfThere(path)
  if (file === null) return
  const decoder = new TextDecoder()
  const buffer = Buffer.alloc(pieceBytes)
  try {
    while (!signal.aborted) {
      // Asked first: what is written before the end is read after it.
      const mayGrow = goesOn()
      const { bytesRead } = await file.read(buffer, 0, pieceBytes)
      if (bytesRead > 0) yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true })
      else if (mayGrow) await pause()
      else return
    }
  } finally {
    await file.close()
  }
}

const openIfThere = async (path: string): Promise<FileHandle | null> => {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
