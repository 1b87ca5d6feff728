/** The files of a project that go along with it: all but what `.gitignore` and `.dstackignore` name. */
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { ArgumentError } from '#domain/errors'

export interface ProjectFile {
  /** From the project's directory, with slashes. */
  readonly path: string
  readonly kind: 'file' | 'directory' | 'link'
  readonly sizeBytes: number
  readonly mode: number
}

const mib = 1024 * 1024

/** More is no project but data, which belongs where the machine can fetch it. */
const mostBytes = 200 * mib

/** Rules of one directory, which hold below it. */
interface Rules {
  /** From the project's directory, ending in a slash; empty for the directory itself. */
  readonly base: string
  readonly rules: Ignore
}

const ignoreFiles = ['.gitignore', '.dstackignore']

const rulesIn = (directory: string, base: string, entries: readonly Dirent[]): readonly Rules[] => {
  const texts = entries
    .filter((entry) => entry.isFile() && ignoreFiles.includes(entry.name))
    .map(({ name }) => ({ name, text: readFileSync(join(directory, base, name), 'utf8') }))
    // What .dstackignore says comes after .gitignore, and wins.
    .toSorted((left, right) => ignoreFiles.indexOf(left.name) - ignoreFiles.indexOf(right.name))
  if (texts.length === 0) return []
  return [{ base, rules: ignore().add(texts.map(({ text }) => text).join('\n')) }]
}

/** The rules nearest to a path are asked first; the first that know it decide. */
const isIgnored = (path: string, stack: readonly Rules[]): boolean => {
  for (const { base, rules } of stack.toReversed()) {
    const { ignored, unignored } = rules.test(path.slice(base.length))
    if (ignored || unignored) return ignored
  }
  return false
}

const kindOf = (entry: Dirent): ProjectFile['kind'] | null => {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : null
}

function* walk(directory: string, base: string, above: readonly Rules[]): Iterable<ProjectFile> {
  const entries = readdirSync(join(directory, base), { withFileTypes: true })
  const stack = [...above, ...rulesIn(directory, base, entries)]
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const kind = kindOf(entry)
    const path = `${base}${entry.name}`
    const isDirectory = kind === 'directory'
    // Sockets and pipes mean nothing elsewhere; git's own directory is its history.
    if (kind === null || path === '.git') continue
    if (isIgnored(isDirectory ? `${path}/` : path, stack)) continue
    const { size, mode } = lstatSync(join(directory, path))
    yield { path, kind, sizeBytes: kind === 'file' ? size : 0, mode: mode & 0o777 }
    if (isDirectory) yield* walk(directory, `${path}/`, stack)
  }
}

const tooLarge = (directory: string, largest: ProjectFile): ArgumentError =>
  new ArgumentError(`the files of "${directory}" are more than ${mostBytes / mib} MiB`, {
    hint:
      `name what is not needed in .dstackignore (the largest is "${largest.path}"), ` +
      'or leave all of it out with --no-files',
  })

/**
 * In the order of their paths, directories before what they hold. Links are taken as links. Throws
 * ArgumentError where they are too much.
 */
export const listProjectFiles = (directory: string): readonly ProjectFile[] => {
  const files: ProjectFile[] = []
  let totalBytes = 0
  let largest: ProjectFile | null = null
  for (const file of walk(directory, '', [])) {
    files.push(file)
    totalBytes += file.sizeBytes
    if (largest === null || file.sizeBytes > largest.sizeBytes) largest = file
    if (totalBytes > mostBytes) throw tooLarge(directory, largest)
  }
  return files
}
