/** Files and folders of this machine as documents. */
import { basename, join, relative } from 'node:path'
import { ArgumentError } from '#domain/errors'
import { systemFiles } from '#platform/files'
import { firstBytes, namesIn, streamFile } from '#platform/folders'
import { readTextFile } from '#platform/text-files'
import { cloudOfPath } from './cloud-names.ts'
import { containerOf, type Format, formatOfStart, headBytes, lookedFor } from './detect.ts'
import { checkedVersion, gpuhuntClouds, openPublishedZip } from './published-gpuhunt.ts'
import { type Found, nothingToClose, type SourceFile } from './source-file.ts'
import { filesOfZip } from './zipped.ts'

const formatOfFile = (path: string): Format | null => formatOfStart(firstBytes(path, headBytes))

/** A CSV on disk tells no time: that of the file is when it was copied, not when prices were seen. */
const csvFile = (path: string, name: string, format: Format): SourceFile => ({
  name,
  cloud: cloudOfPath(path),
  format,
  dated: false,
  open: () =>
    Promise.resolve({
      source: `${format} ${name}`,
      observedMs: null,
      bytes: streamFile(path),
      close: nothingToClose,
    }),
})

const refuse = (argument: string, why: string): never => {
  throw new ArgumentError(`"${argument}" ${why}`, {
    hint: `looked for ${lookedFor}, a zip of these, gpuhunt's folders <cloud>/version and <cloud>/<version>/catalog.zip, SkyPilot's <cloud>/vms.csv, our manifest.json, or a catalog file of this program`,
  })
}

const published = (folder: string): readonly SourceFile[] =>
  gpuhuntClouds
    .filter((cloud) => readTextFile(join(folder, cloud, 'version')) !== null)
    .map((cloud) => ({
      name: cloud,
      cloud,
      format: 'gpuhunt',
      dated: true,
      open: async () => {
        const file = join(folder, cloud, 'version')
        const version = checkedVersion(readTextFile(file) ?? '', `${cloud}/version`)
        const source = `${basename(folder)}/${cloud}/${version}/catalog.zip`
        const path = join(folder, cloud, version, 'catalog.zip')
        return openPublishedZip({ path }, { cloud, source, version }, null)
      },
    }))

const isCsv = (path: string): boolean => /\.csv$/i.test(path) && !systemFiles.isDirectory(path)

/** CSV files right in the folder, and `vms.csv` in folders of it. */
const csvFilesIn = (folder: string): readonly SourceFile[] => {
  const names = namesIn(folder)
  const own = names.map((name) => join(folder, name)).filter(isCsv)
  const below = names
    .map((name) => join(folder, name, 'vms.csv'))
    .filter((path) => systemFiles.exists(path))
  return [...own, ...below].flatMap((path) => {
    const format = formatOfFile(path)
    const name = `${basename(folder)}/${relative(folder, path)}`
    return format === null ? [] : [csvFile(path, name, format)]
  })
}

const words: Readonly<Record<Format, string>> = {
  gpuhunt: 'CSV of gpuhunt',
  skypilot: 'CSV of SkyPilot',
}

const csvWords = (files: readonly SourceFile[]): string =>
  [...new Set(files.map(({ format }) => (format === null ? 'CSV' : words[format])))].join(', ')

const counted = (count: number): string => `${count} file${count === 1 ? '' : 's'}`

const closed = () => Promise.resolve()

export const findInFolder = (argument: string, path: string): Found => {
  const files = published(path)
  if (files.length > 0) {
    return {
      what: `gpuhunt's published layout in "${argument}", ${counted(files.length)}`,
      files,
      close: closed,
    }
  }
  const found = csvFilesIn(path)
  if (found.length === 0) refuse(argument, 'holds no catalog that this program knows')
  return {
    what: `${csvWords(found)} in "${argument}", ${counted(found.length)}`,
    files: found,
    close: closed,
  }
}

export const findInFile = async (argument: string, path: string): Promise<Found> => {
  if (containerOf(firstBytes(path, 16)) === 'zip') {
    const { files, close } = await filesOfZip({ path }, basename(path), null)
    if (files.length === 0) refuse(argument, 'holds no CSV file')
    return {
      what: `zip of CSV files "${argument}", ${counted(files.length)}`,
      files,
      close: async () => close(),
    }
  }
  const format = formatOfFile(path)
  if (format === null) return refuse(argument, 'is no catalog that this program knows')
  const file = csvFile(path, basename(path), format)
  return { what: `${csvWords([file])} "${argument}"`, files: [file], close: closed }
}
