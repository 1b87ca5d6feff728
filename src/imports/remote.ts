/** An address as documents: a file at it, or gpuhunt's layout below it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ArgumentError,
  CatalogNewerError,
  CatalogUnreadableError,
  UpstreamInvalidError,
} from '#domain/errors'
import { makeTemporaryFolder } from '#platform/derived-files'
import { type Download, type Downloads, printAddress } from '#platform/http-download'
import { cloudOfPath } from './cloud-names.ts'
import { containerOf, formatOfStart, headBytes, lookedFor } from './detect.ts'
import { findOwnCatalog } from './own-format.ts'
import { publishedGpuhunt } from './published-gpuhunt.ts'
import { type Found, type FoundOwn, nothingToClose, once, type SourceFile } from './source-file.ts'
import { filesOfZip } from './zipped.ts'

/** A folder of the layout is `…/v3`, `…/v3.1`, `…/v3/`; what is asked for by a query is a file. */
const isFile = ({ pathname, search }: URL): boolean =>
  /\.[a-z]\w*$/i.test(pathname) || (search !== '' && !pathname.endsWith('/'))

const findLayout = (url: URL, downloads: Downloads): Found => {
  const base = printAddress(url).replace(/\/+$/, '')
  return {
    what: `gpuhunt's published layout at ${base}`,
    files: publishedGpuhunt(base, downloads),
    close: () => downloads.close(),
  }
}

/** Throws UpstreamInvalidError for a page, or whatever else came in place of a table. */
const csvFile = (url: URL, { bytes, modifiedMs }: Download): SourceFile => {
  const source = printAddress(url)
  const format = formatOfStart(bytes.subarray(0, headBytes))
  if (format === null) {
    throw new UpstreamInvalidError(`${source} is no catalog that this program knows`, {
      hint: `looked for ${lookedFor}, or a zip of these`,
    })
  }
  return {
    name: source,
    cloud: cloudOfPath(url.pathname),
    format,
    dated: modifiedMs !== null,
    open: () =>
      Promise.resolve({
        source,
        observedMs: modifiedMs,
        bytes: once(bytes),
        close: nothingToClose,
      }),
  }
}

/** A catalog file of this program is read from disk. */
const ownCatalog = (name: string, { bytes }: Download, downloads: Downloads): FoundOwn => {
  const folder = makeTemporaryFolder()
  const path = join(folder.path, 'catalog.sqlite')
  try {
    writeFileSync(path, bytes)
    const own = findOwnCatalog(name, path)
    if (own === null) throw new UpstreamInvalidError(`${name} is no catalog of this program`)
    const close = (): Promise<void> => {
      folder.remove()
      return downloads.close()
    }
    return { own, close }
  } catch (error) {
    folder.remove()
    if (!(error instanceof CatalogUnreadableError || error instanceof CatalogNewerError))
      throw error
    const message = error.message.replaceAll(path, name)
    throw new UpstreamInvalidError(message, { hint: error.hint, cause: error })
  }
}

const findFile = async (url: URL, downloads: Downloads): Promise<Found | FoundOwn> => {
  const name = printAddress(url)
  const download = await downloads.get(url)
  if (download === null) {
    throw new ArgumentError(`${name} does not exist (HTTP 404)`, { hint: 'check the address' })
  }
  const { bytes, modifiedMs } = download
  switch (containerOf(bytes)) {
    case 'zip': {
      const { files, close } = await filesOfZip(bytes, name, modifiedMs)
      const closeAll = async (): Promise<void> => {
        close()
        await downloads.close()
      }
      return { what: `zip of CSV files at ${name}`, files, close: closeAll }
    }
    case 'text':
      return {
        what: `CSV at ${name}`,
        files: [csvFile(url, download)],
        close: () => downloads.close(),
      }
    case 'sqlite':
      return ownCatalog(name, download, downloads)
  }
}

export const findAtAddress = (url: URL, downloads: Downloads): Promise<Found | FoundOwn> =>
  isFile(url) ? findFile(url, downloads) : Promise.resolve(findLayout(url, downloads))
