/** What lies in folders, and how files begin. */
import { closeSync, createReadStream, openSync, readdirSync, readSync } from 'node:fs'

/** Names in a folder, sorted by code unit; empty where there is no such folder. */
export const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** The first bytes of a file, at most so many. Throws what the file system throws. */
export const firstBytes = (path: string, most: number): Buffer => {
  const descriptor = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(most)
    return buffer.subarray(0, readSync(descriptor, buffer, 0, most, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** A file piece by piece. */
export const streamFile = (path: string): AsyncIterable<Uint8Array> => createReadStream(path)
