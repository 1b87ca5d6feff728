/** Tells a format by its content. Pure. */

export type Format = 'gpuhunt' | 'skypilot'

/** Columns without which a file is not of the format. */
const columnsOf: Readonly<Record<Format, readonly string[]>> = {
  gpuhunt: ['instance_name', 'location', 'price', 'cpu', 'memory', 'gpu_count', 'spot'],
  skypilot: ['InstanceType', 'AcceleratorName', 'vCPUs', 'MemoryGiB', 'Price', 'Region'],
}

const formats: readonly Format[] = ['gpuhunt', 'skypilot']

/** Null where the columns are those of neither. */
export const formatOf = (header: readonly string[]): Format | null =>
  formats.find((format) => columnsOf[format].every((column) => header.includes(column))) ?? null

/** For hints: what is looked for. */
export const lookedFor = formats
  .map((format) => `${format} (columns ${columnsOf[format].join(', ')})`)
  .join(' or ')

export type Container = 'zip' | 'sqlite' | 'text'

/** By the first bytes. */
export const containerOf = (first: Uint8Array): Container => {
  const start = String.fromCodePoint(...first.subarray(0, 16))
  if (start.startsWith('PK\u0003\u0004') || start.startsWith('PK\u0005\u0006')) return 'zip'
  return start.startsWith('SQLite format 3') ? 'sqlite' : 'text'
}

/** A header is within so many bytes. */
export const headBytes = 64 * 1024

/** Names of columns are plain words: no field of a header holds a comma. */
const headerOf = (start: Buffer): readonly string[] =>
  (
    start
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/, 1)[0] ?? ''
  )
    .split(',')
    .map((column) => column.trim().replaceAll('"', ''))

/** The same, by the first `headBytes` of a file; null for an archive or a database too. */
export const formatOfStart = (start: Buffer): Format | null =>
  containerOf(start) === 'text' ? formatOf(headerOf(start)) : null
