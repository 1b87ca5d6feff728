/** csv.json: rows of gpuhunt's published format, and what its own reader makes of each. */
import { readGpuhuntRow, type GpuhuntRow } from '#catalog/gpuhunt-row'
import { ImportRejectedError } from '#domain/errors'
import { mibPerGb } from '#domain/memory'
import type { Offer } from '#domain/offer'
import { parseUsd } from '#domain/price'
import { type Chapter, failed, passed, skipped, type VectorResult } from './chapter.ts'
import { type Json, list, record, records, text } from './json.ts'

const observation = { source: 'vectors', observedAt: '2026-08-19T00:00:00Z' }

const rowOf = (value: unknown): GpuhuntRow =>
  Object.fromEntries(Object.entries(record(value)).map(([column, field]) => [column, text(field)]))

/** Why a row that gpuhunt's reader takes is no offer, as far as the row itself tells; else null. */
const strictness = (row: GpuhuntRow, item: Json): string | null => {
  const figures = ['price', 'cpu', 'memory', 'gpu_count', 'gpu_memory', 'disk_size']
  const numbers = figures.map((column) => item[column]).filter((figure) => figure !== null)
  const written = figures.map((column) => row[column] ?? '')
  if (numbers.some((figure) => typeof figure !== 'number')) return 'not a finite number'
  if (numbers.some((figure) => Number(figure) < 0)) return 'below zero'
  if (item['price'] === 0) return 'a price of zero is no price'
  if (written.some((figure) => /[^\x20-\x7e]|_/.test(figure))) return 'digits only Python reads'
  const named = item['gpu_name'] !== null && item['gpu_name'] !== '' && item['gpu_memory'] !== null
  if (Number(item['gpu_count']) > 0 && !named) return 'accelerators without name or memory'
  return null
}

const gb = (value: unknown): number | null =>
  value === null ? null : Math.round(Number(value) * mibPerGb)

/** The peer's item in our terms; flags and the backend's own data are no part of an offer. */
const expectedOf = (item: Json): unknown => {
  const count = Number(item['gpu_count'])
  return {
    instanceType: item['instance_name'],
    region: item['location'],
    price: parseUsd(String(item['price'])),
    cpus: item['cpu'],
    memoryMib: gb(item['memory']),
    gpuCount: count,
    gpu: count === 0 ? null : [item['gpu_name'], item['gpu_vendor'], gb(item['gpu_memory'])],
    spot: item['spot'],
    diskMib: gb(item['disk_size']),
    architecture: item['cpu_arch'] === 'arm' ? 'arm64' : 'x86_64',
  }
}

const gotOf = ({ instanceType: type, ...offer }: Offer): unknown => ({
  instanceType: type.name,
  region: offer.region,
  price: offer.priceNanoUsd,
  cpus: type.cpus,
  memoryMib: type.memoryMib,
  gpuCount: type.gpuCount,
  gpu: type.gpu && [type.gpu.name, type.gpu.vendor, type.gpu.memoryMib],
  spot: offer.spot,
  diskMib: type.diskMib,
  architecture: type.architecture,
})

const read = (provider: string, row: GpuhuntRow): Offer | ImportRejectedError => {
  try {
    return readGpuhuntRow(provider, row, observation)
  } catch (error) {
    if (error instanceof ImportRejectedError) return error
    throw error
  }
}

const runRow = (vector: Json): VectorResult => {
  const id = text(vector['name'])
  const row = rowOf(vector['row'])
  const got = read(text(vector['provider']), row)
  if (vector['error'] !== undefined) {
    return got instanceof ImportRejectedError
      ? passed(id)
      : failed(id, `rejected: ${text(vector['message'])}`, gotOf(got))
  }
  const item = record(vector['result'])
  if (got instanceof ImportRejectedError) {
    const reason = strictness(row, item)
    return reason
      ? skipped(id, `rejected here: ${reason}`)
      : failed(id, expectedOf(item), got.message)
  }
  const [expected, actual] = [expectedOf(item), gotOf(got)]
  return JSON.stringify(expected) === JSON.stringify(actual)
    ? passed(id)
    : failed(id, expected, actual)
}

export const csv: Chapter = {
  file: 'csv.json',
  needs: [],
  *run(vectors) {
    const { rows, dumped } = record(vectors)
    for (const vector of records(rows)) yield runRow(vector)
    for (const [index] of list(dumped).entries()) {
      yield skipped(`dumped ${index + 1}`, 'this program reads the format and does not write it')
    }
  },
}
