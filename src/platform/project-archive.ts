/** A project's files as one tar stream. */
import { createReadStream, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import type { ProjectFile } from './project-files.ts'

const addFile = async (tar: Pack, directory: string, file: ProjectFile, name: string) => {
  const entry = tar.entry({ name, type: 'file', size: file.sizeBytes, mode: file.mode })
  // A file that has grown meanwhile is cut off where it ended when it was listed.
  const end = file.sizeBytes - 1
  if (end < 0) entry.end(Buffer.alloc(0))
  else await pipeline(createReadStream(join(directory, file.path), { end }), entry)
}

const addAll = async (
  tar: Pack,
  directory: string,
  files: readonly ProjectFile[],
  prefix: string,
): Promise<void> => {
  for (const file of files) {
    const name = `${prefix}${file.path}`
    if (file.kind === 'file') await addFile(tar, directory, file, name)
    else if (file.kind === 'directory') {
      tar.entry({ name: `${name}/`, type: 'directory', mode: file.mode })
    } else {
      const linkname = readlinkSync(join(directory, file.path))
      tar.entry({ name, type: 'symlink', linkname })
    }
  }
  tar.finalize()
}

/**
 * `prefix` stands before every path, ending in a slash, and has an entry of its own. A file that
 * cannot be read destroys the stream with what the file system says.
 */
export const packProject = (
  directory: string,
  files: readonly ProjectFile[],
  prefix = '',
): Readable => {
  const tar = pack()
  if (prefix !== '') tar.entry({ name: prefix, type: 'directory', mode: 0o755 })
  addAll(tar, directory, files, prefix).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  return Readable.from(tar)
}
