import { type ComputeCapability, type GpuVendor, gpuVendors } from '#domain/gpu'
import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { parseUsd, printUsd } from '#domain/price'

/** A price as a snapshot stores it; `source` is the key of an input of the manifest. */
export interface PriceRow {
  readonly instanceType: string
  readonly region: string | null
  readonly spot: boolean
  readonly priceNanoUsd: number
  readonly source: string
}

const instanceTypeColumns =
  'name,cpus,memory_mib,gpu,gpu_vendor,gpu_memory_mib,gpu_capability,gpu_count,disk_mib,architecture'
const priceColumns = 'instance_type,region,purchase,usd_per_hour,source'

/** By code unit, so that the order hangs on no locale. */
export const byText = (left: string, right: string): number =>
  left < right ? -1 : left > right ? 1 : 0

const printRow = (fields: readonly (string | number | null)[]): string =>
  fields
    .map((field) => {
      const printed = String(field ?? '')
      if (/[",\r\n]/.test(printed))
        throw new TypeError(`"${printed}" cannot be a field of a snapshot`)
      return printed
    })
    .join(',')

/** The lines of `instance-types.csv`, header first, sorted by name. */
export const printInstanceTypes = (types: Iterable<InstanceType>): string[] => {
  const rows = [...types].sort((left, right) => byText(left.name, right.name))
  return [
    instanceTypeColumns,
    ...rows.map((type) =>
      printRow([
        type.name,
        type.cpus,
        type.memoryMib,
        type.gpu?.name ?? null,
        type.gpu?.vendor ?? null,
        type.gpu?.memoryMib ?? null,
        type.gpu?.computeCapability?.join('.') ?? null,
        type.gpuCount,
        type.diskMib,
        type.architecture,
      ]),
    ),
  ]
}

const purchase = (spot: boolean): string => (spot ? 'spot' : 'on-demand')

/** The lines of `prices.csv`, header first, sorted by instance type, region and purchase. */
export const printPrices = (prices: Iterable<PriceRow>): string[] => {
  const rows = [...prices].sort(
    (left, right) =>
      byText(left.instanceType, right.instanceType) ||
      byText(left.region ?? '', right.region ?? '') ||
      Number(left.spot) - Number(right.spot),
  )
  return [
    priceColumns,
    ...rows.map((row) =>
      printRow([
        row.instanceType,
        row.region,
        purchase(row.spot),
        printUsd(row.priceNanoUsd),
        row.source,
      ]),
    ),
  ]
}

const splitRows = (lines: readonly string[], columns: string): string[][] => {
  if (lines[0] !== columns) throw new TypeError(`the header is not "${columns}"`)
  const width = columns.split(',').length
  return lines.slice(1).map((line, index) => {
    const fields = line.split(',')
    if (fields.length !== width) throw new TypeError(`line ${index + 2} has no ${width} fields`)
    return fields
  })
}

const number = (field: string): number => {
  const value = field === '' ? Number.NaN : Number(field)
  if (!Number.isFinite(value)) throw new TypeError(`"${field}" is no number`)
  return value
}

const optionalNumber = (field: string): number | null => (field === '' ? null : number(field))

const isVendor = (field: string): field is GpuVendor =>
  (gpuVendors as readonly string[]).includes(field)

const vendor = (field: string): GpuVendor => {
  if (isVendor(field)) return field
  throw new TypeError(`"${field}" is no maker of accelerators`)
}

const capability = (field: string): ComputeCapability | null => {
  if (field === '') return null
  const [major = '', minor = ''] = field.split('.')
  return [number(major), number(minor)]
}

const architecture = (field: string): CpuArchitecture | null => {
  if (field === '') return null
  if (field === 'x86_64' || field === 'arm64') return field
  throw new TypeError(`"${field}" is no architecture`)
}

/** Throws `TypeError` where a line is not as `printInstanceTypes` writes it. */
export const parseInstanceTypes = (lines: readonly string[]): InstanceType[] =>
  splitRows(lines, instanceTypeColumns).map((fields) => {
    const [name = '', cpus = '', memory = '', gpu = '', maker = '', gpuMemory = ''] = fields
    const [, , , , , , gpuCapability = '', gpuCount = '', disk = '', cpu = ''] = fields
    return {
      name,
      cpus: number(cpus),
      memoryMib: number(memory),
      gpu:
        gpu === ''
          ? null
          : {
              name: gpu,
              vendor: vendor(maker),
              memoryMib: number(gpuMemory),
              computeCapability: capability(gpuCapability),
            },
      gpuCount: number(gpuCount),
      diskMib: optionalNumber(disk),
      architecture: architecture(cpu),
    }
  })

/** Throws `TypeError` where a line is not as `printPrices` writes it. */
export const parsePrices = (lines: readonly string[]): PriceRow[] =>
  splitRows(lines, priceColumns).map(
    ([instanceType = '', region = '', kind, usd = '', source = '']) => {
      const priceNanoUsd = parseUsd(usd)
      if (priceNanoUsd === null) throw new TypeError(`"${usd}" is no price`)
      if (kind !== 'spot' && kind !== 'on-demand') throw new TypeError(`"${kind}" is no purchase`)
      return {
        instanceType,
        region: region === '' ? null : region,
        spot: kind === 'spot',
        priceNanoUsd,
        source,
      }
    },
  )
