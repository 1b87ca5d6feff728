/** Where a published catalog is pulled from. */
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ArgumentError } from '#domain/errors'

/** A manifest as it came, and what to do once it is believed. */
interface FetchedManifest {
  readonly sealed: string
  /** Lets it be kept for the next conditional request. */
  readonly believe: () => void
}

export interface PublishedSource {
  manifest(signal: AbortSignal): Promise<FetchedManifest>
  /** Reads texts of at most so many bytes. */
  snapshots(mostBytes: number): (sha256: string, signal: AbortSignal) => Promise<string>
  close(): Promise<void>
}

export type SourceAddress =
  | { readonly kind: 'http'; readonly url: URL; readonly name: string }
  | { readonly kind: 'folder'; readonly path: string; readonly name: string }

const folderAddress = (path: string): SourceAddress => ({ kind: 'folder', path, name: path })

const httpAddress = (url: URL): SourceAddress => {
  if (url.username !== '' || url.password !== '') {
    throw new ArgumentError(`the address of "${url.host}" has a user or a password in it`, {
      hint: 'a published catalog is proved by its signature; serve it without',
    })
  }
  const folder = new URL(url)
  folder.hash = ''
  folder.pathname = folder.pathname.replace(/(\/manifest\.json)?\/*$/, '')
  return {
    kind: 'http',
    url: folder,
    name: `${folder.origin}${folder.pathname.replace(/\/$/, '')}`,
  }
}

/**
 * An http or https address, a `file:` one, or a folder, of which a relative one starts from `cwd`.
 * The name has no query, which may hold a token. Throws ArgumentError.
 */
export const sourceAddress = (text: string, cwd: string): SourceAddress => {
  if (text === '') throw new ArgumentError('"" names no published catalog')
  if (!/^[a-z][a-z0-9+.-]+:/i.test(text) || isAbsolute(text)) {
    return folderAddress(resolve(cwd, text))
  }
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return httpAddress(url)
  if (url?.protocol === 'file:' && url.host === '') return folderAddress(fileURLToPath(url))
  const scheme = text.slice(0, text.indexOf(':'))
  throw new ArgumentError(`a catalog cannot be pulled by "${scheme}:"`, {
    hint: 'give an http or https address, or a folder',
  })
}
