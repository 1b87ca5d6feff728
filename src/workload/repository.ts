/** Which project a run belongs to, without asking git. */
import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join } from 'node:path'
import { readTextFile } from '#platform/text-files'

export interface Repository {
  /** As git's configuration has it; it may hold a password. Null where there is no remote. */
  readonly remoteUrl: string | null
  /** First 16 hex digits of the sha256 of the remote, else of the directory. */
  readonly id: string
}

const textIn = (path: string): string | null => {
  try {
    return readTextFile(path)
  } catch {
    // A directory, or not ours to read: then it says nothing.
    return null
  }
}

/** A worktree's `.git` is a file that points elsewhere, and its `commondir` to the shared rest. */
const gitDirectoryAt = (directory: string): string | null => {
  const own = join(directory, '.git')
  const pointer = /^gitdir: *(.+)$/m.exec(textIn(own) ?? '')?.[1]?.trim()
  if (pointer === undefined) return textIn(join(own, 'config')) === null ? null : own
  const at = isAbsolute(pointer) ? pointer : join(directory, pointer)
  const common = textIn(join(at, 'commondir'))?.trim()
  if (common === undefined) return at
  return isAbsolute(common) ? common : join(at, common)
}

const gitDirectoryOf = (directory: string): string | null => {
  const found = gitDirectoryAt(directory)
  if (found !== null || dirname(directory) === directory) return found
  return gitDirectoryOf(dirname(directory))
}

const remoteSection = /^\s*\[\s*remote\s+"(.*)"\s*\]/
const anySection = /^\s*\[/
const urlLine = /^\s*url\s*=\s*(.+?)\s*$/i

/** The url of `origin`, else of the first remote. */
const remoteIn = (config: string): string | null => {
  const urls = new Map<string, string>()
  let section: string | null = null
  for (const line of config.split('\n')) {
    if (anySection.test(line)) section = remoteSection.exec(line)?.[1] ?? null
    const url = urlLine.exec(line)?.[1]
    if (section !== null && url !== undefined && !urls.has(section)) urls.set(section, url)
  }
  return urls.get('origin') ?? [...urls.values()][0] ?? null
}

/** Two people with credentials of their own work on the same project. */
const withoutCredentials = (url: string): string => url.replace(/^(https?:\/\/)[^/@]*@/i, '$1')

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

export const repositoryOf = (directory: string): Repository => {
  const git = gitDirectoryOf(directory)
  const config = git === null ? null : textIn(join(git, 'config'))
  const remoteUrl = config === null ? null : remoteIn(config)
  return { remoteUrl, id: idOf(remoteUrl === null ? directory : withoutCredentials(remoteUrl)) }
}
