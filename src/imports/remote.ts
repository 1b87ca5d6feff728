/** An address as documents: a file at it, or gpuhunt's layout below it. */
import { ArgumentError, UpstreamInvalidError } from '#domain/errors'
import { type Download, type Downloads, printAddress } from '#platform/http-download'
import { cloudOfPath } from './cloud-names.ts'
import { containerOf, formatOfStart, headBytes, lookedFor } from './detect.ts'
import { publishedGpuhunt } from './published-gpuhunt.ts'
import { type Found, nothingToClose, once, type SourceFile } from './source-file.ts'
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

const findFile = async (url: URL, downloads: Downloads): Promise<Found> => {
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
      throw new ArgumentError(`${name} is a database`, {
        hint: `download it and import the file; looked for ${lookedFor}, or a zip of these`,
      })
  }
}

export const findAtAddress = (url: URL, downloads: Downloads): Promise<Found> =>
  isFile(url) ? findFile(url, downloads) : Promise.resolve(findLayout(url, downloads))
