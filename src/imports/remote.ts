/** An address as documents: a file at it, or gpuhunt's layout below it. */
import { ArgumentError } from '#domain/errors'
import { type Downloads, printAddress } from '#platform/http-download'
import { cloudOfPath } from './cloud-names.ts'
import { containerOf, lookedFor } from './detect.ts'
import { publishedGpuhunt } from './published-gpuhunt.ts'
import { type Found, nothingToClose, once } from './source-file.ts'
import { filesOfZip } from './zipped.ts'

const isFile = ({ pathname }: URL): boolean => /\.\w+$/.test(pathname)

const findLayout = (url: URL, downloads: Downloads): Found => {
  const base = printAddress(url).replace(/\/+$/, '')
  return {
    what: `gpuhunt's published layout at ${base}`,
    files: publishedGpuhunt(base, downloads),
    close: () => downloads.close(),
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
        files: [
          {
            cloud: cloudOfPath(url.pathname),
            format: null,
            dated: modifiedMs !== null,
            open: () =>
              Promise.resolve({
                source: name,
                observedMs: modifiedMs,
                bytes: once(bytes),
                close: nothingToClose,
              }),
          },
        ],
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
