/** A request in a file's own terms: where to look, and what to give the statements. */
import { regionMaskBits } from '#catalog/tables'
import type { SearchBounds } from '#query/bounds'
import type { StatementValues } from '#query/statement'
import type { Visit, Visits } from './visits.ts'

export interface Request {
  readonly values: RequestValues
  readonly visits: Visits
  readonly bounds: SearchBounds
}

/** What a request gives every statement about variants. */
export type RequestValues = Omit<
  StatementValues,
  | 'cell'
  | 'region'
  | 'visits'
  | 'bound'
  | 'cap'
  | 'limit'
  | 'gpuCountMin'
  | 'gpuCountMax'
  | 'variants'
  | 'instanceTypes'
>

const everyRegion = 2 ** regionMaskBits - 1

export const requestValues = (bounds: SearchBounds): RequestValues => ({
  priceMax: bounds.priceMax,
  cpuMin: bounds.cpuMilli.min,
  cpuMax: bounds.cpuMilli.max,
  memoryMin: bounds.memoryMib.min,
  memoryMax: bounds.memoryMib.max,
  diskMin: bounds.diskMib.min,
  diskMax: bounds.diskMib.max,
  backendMask: bounds.backendMask,
  regions: JSON.stringify(bounds.regionIds ?? []),
  regionMask: bounds.regionIds === null ? everyRegion : regionMaskOf(bounds.regionIds),
})

const regionMaskOf = (ids: readonly number[]): number =>
  [...new Set(ids.map((id) => id % regionMaskBits))].reduce((mask, bit) => mask + 2 ** bit, 0)

/** Visits as the statements take them: `[cell, bound, gpuCountMin, gpuCountMax]`. */
export const visitList = (visits: readonly Visit[], bound: number): string =>
  JSON.stringify(
    visits.map(({ cell, cap, gpuCount }) => [
      cell.id,
      Math.min(bound, cap),
      gpuCount.min,
      gpuCount.max,
    ]),
  )

/** One visit as the statements take it, up to its own cap. */
export const visitValues = ({
  cell,
  cap,
  gpuCount,
}: Visit): Pick<StatementValues, 'cell' | 'bound' | 'cap' | 'gpuCountMin' | 'gpuCountMax'> => ({
  cell: cell.id,
  bound: cap,
  cap,
  gpuCountMin: gpuCount.min,
  gpuCountMax: gpuCount.max,
})
