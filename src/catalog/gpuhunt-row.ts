/**
 * A row of gpuhunt's published catalogs (v3, one CSV per backend) as an offer. Column meanings are
 * gpuhunt's; its reader also accepts prices that are not finite or not above zero, and counts below
 * zero: here they are rejected.
 */
import type { Gpu, GpuVendor } from '#domain/gpu'
import { ImportRejectedError } from '#domain/errors'
import { mibPerGb } from '#domain/memory'
import { type Observation, type Offer, offerId } from '#domain/offer'
import { parseUsd } from '#domain/price'

/** The fields of a row by column name; a column that the file lacks is undefined. */
export type GpuhuntRow = Readonly<Record<string, string | undefined>>

const vendors: readonly GpuVendor[] = ['nvidia', 'amd', 'google', 'intel', 'tenstorrent']

const tpuPrefix = 'tpu-'

/** Throws `ImportRejectedError` naming the column, the value and what was expected. */
export const readGpuhuntRow = (
  backend: string,
  row: GpuhuntRow,
  observation: Observation,
): Offer => {
  const region = required(row, 'location')
  const name = required(row, 'instance_name')
  const spot = readSpot(row)
  const gpuCount = readCount(row, 'gpu_count')
  const diskGb = optionalDecimal(row, 'disk_size')
  refuseBadJson(row)
  return {
    id: offerId(backend, region, name, spot),
    backend,
    region,
    instanceType: {
      name,
      cpus: readCount(row, 'cpu'),
      memoryMib: Math.round(readDecimal(row, 'memory') * mibPerGb),
      gpu: readGpu(row, gpuCount),
      gpuCount,
      diskMib: diskGb === null ? null : Math.round(diskGb * mibPerGb),
      architecture: readArchitecture(row),
    },
    spot,
    priceNanoUsd: readPrice(row),
    stock: 'unknown',
    observation,
  }
}

const reject = (column: string, value: string, expected: string): ImportRejectedError =>
  new ImportRejectedError(`${column} "${value}": expected ${expected}`)

const required = (row: GpuhuntRow, column: string): string => {
  const value = row[column]
  if (value === undefined) throw new ImportRejectedError(`column "${column}" is missing`)
  if (value === '') throw new ImportRejectedError(`${column} is empty`)
  return value
}

const decimalForm = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

const decimal = (column: string, value: string): number => {
  const text = value.trim()
  const parsed = decimalForm.test(text) ? Number(text) : NaN
  if (!Number.isFinite(parsed) || parsed < 0) throw reject(column, value, 'a number of 0 or more')
  return parsed
}

const readDecimal = (row: GpuhuntRow, column: string): number =>
  decimal(column, required(row, column))

const optionalDecimal = (row: GpuhuntRow, column: string): number | null => {
  const value = row[column]
  return value === undefined || value === '' ? null : decimal(column, value)
}

const readCount = (row: GpuhuntRow, column: string): number => {
  const value = required(row, column)
  if (!/^\s*\+?\d+\s*$/.test(value)) throw reject(column, value, 'a whole number of 0 or more')
  return Number(value)
}

const readPrice = (row: GpuhuntRow): number => {
  const value = required(row, 'price')
  const price = decimalForm.test(value.trim()) ? parseUsd(value) : null
  if (price === null || price <= 0) throw reject('price', value, 'dollars an hour above 0')
  return price
}

const readSpot = (row: GpuhuntRow): boolean => {
  const value = required(row, 'spot')
  const lower = value.toLowerCase()
  if (lower !== 'true' && lower !== 'false') throw reject('spot', value, 'True or False')
  return lower === 'true'
}

const readArchitecture = (row: GpuhuntRow): 'x86_64' | 'arm64' => {
  const value = row['cpu_arch'] ?? ''
  switch (value.toLowerCase()) {
    case '':
    case 'x86':
      return 'x86_64'
    case 'arm':
      return 'arm64'
    default:
      throw reject('cpu_arch', value, 'x86 or arm')
  }
}

const readVendor = (row: GpuhuntRow): GpuVendor | null => {
  const value = row['gpu_vendor'] ?? ''
  if (value === '') return null
  const vendor = vendors.find((known) => known === value.toLowerCase())
  if (!vendor) throw reject('gpu_vendor', value, `one of ${vendors.join(', ')}`)
  return vendor
}

/**
 * A machine without accelerators has none whatever its row says of them. Names of TPUs carry a
 * prefix in older files; an accelerator of no vendor was NVIDIA's before the column came.
 */
const readGpu = (row: GpuhuntRow, count: number): Gpu | null => {
  const said = readVendor(row)
  const memoryGb = optionalDecimal(row, 'gpu_memory')
  const written = row['gpu_name'] ?? ''
  const isTpu = written.startsWith(tpuPrefix)
  const name = isTpu ? written.slice(tpuPrefix.length) : written
  if (count === 0) return null
  if (name === '') throw new ImportRejectedError('gpu_name is empty, though gpu_count is not 0')
  if (memoryGb === null) {
    throw new ImportRejectedError('gpu_memory is empty, though gpu_count is not 0')
  }
  return {
    name,
    vendor: said ?? (isTpu ? 'google' : 'nvidia'),
    memoryMib: Math.round(memoryGb * mibPerGb),
    computeCapability: null,
  }
}

const refuseBadJson = (row: GpuhuntRow): void => {
  const value = row['provider_data'] ?? ''
  if (value === '') return
  try {
    JSON.parse(value)
  } catch (error) {
    throw new ImportRejectedError(`provider_data "${value}": expected JSON`, { cause: error })
  }
}
