import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { UnreadableError } from '#domain/errors'

/** The files of a machine, as far as reading configurations needs them. */
export interface Files {
  /**
   * The text of a file of at most `limit` bytes; `-` is standard input. Throws UnreadableError when
   * it is absent, a directory, larger, or not UTF-8.
   */
  readText(path: string, limit: number): string
  exists(path: string): boolean
  isDirectory(path: string): boolean
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
])

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const unreadable = (path: string, reason: string, hint?: string): UnreadableError =>
  new UnreadableError(`cannot read "${path}": ${reason}`, { hint })

/** Reads once; a pipe with nothing to say yet answers EAGAIN and is asked again. */
const readChunk = (descriptor: number, buffer: Buffer): number => {
  for (;;) {
    try {
      return readSync(descriptor, buffer, 0, buffer.length, null)
    } catch (error) {
      if (errorCode(error) === 'EOF') return 0
      if (errorCode(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

/** At most one byte more than `limit`, so that an endless source ends. */
const readBytes = (descriptor: number, limit: number): Buffer => {
  const chunks: Buffer[] = []
  let size = 0
  while (size <= limit) {
    const buffer = Buffer.allocUnsafe(Math.min(64 * 1024, limit + 1 - size))
    const count = readChunk(descriptor, buffer)
    if (count === 0) break
    chunks.push(buffer.subarray(0, count))
    size += count
  }
  return Buffer.concat(chunks)
}

/** The line of the first byte that is not UTF-8. */
const faultyLine = (bytes: Buffer): number => {
  const valid = bytes.toString('utf8')
  const until = valid.indexOf('\uFFFD')
  return valid.slice(0, Math.max(until, 0)).split('\n').length
}

const decode = (path: string, bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw unreadable(
      path,
      `line ${faultyLine(bytes)} is not UTF-8 text`,
      'save the file as text in UTF-8',
    )
  }
}

const readFrom = (path: string, descriptor: number, limit: number): string => {
  if (fstatSync(descriptor).isDirectory()) throw unreadable(path, 'it is a directory')
  const bytes = readBytes(descriptor, limit)
  if (bytes.length > limit)
    throw unreadable(path, `it is larger than ${limit} bytes`, 'is it the right file?')
  return decode(path, bytes)
}

const readText = (path: string, limit: number): string => {
  try {
    if (path === '-') return readFrom('standard input', 0, limit)
    const descriptor = openSync(path, 'r')
    try {
      return readFrom(path, descriptor, limit)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (error instanceof UnreadableError) throw error
    const code = errorCode(error)
    throw new UnreadableError(`cannot read "${path}": ${reasons.get(code) ?? code}`, {
      cause: error,
    })
  }
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** The files of this machine. */
export const systemFiles: Files = {
  readText,
  exists: existsSync,
  isDirectory: (path) => {
    try {
      return isDirectory(path)
    } catch {
      return false
    }
  },
}
