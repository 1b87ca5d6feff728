/** The answer by reading every offer: what requirements mean, written a second time. */
import type { InstanceType, Offer } from '#domain/offer'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { OfferColumns } from './columns.ts'

export interface Answer {
  readonly matched: number
  /** The first of them, in rank order. */
  readonly offers: readonly Offer[]
}

export const bruteForce = (
  columns: OfferColumns,
  requirements: Requirements,
  limit: number,
): Answer => {
  const machineFits = fittingMachines(columns, requirements)
  const regionFits = fittingRegions(columns, requirements)
  const priceMax = requirements.maxPriceNanoUsd
  const best = firstRows(columns, limit)
  let matched = 0
  for (let row = 0; row < columns.size; row++) {
    if (machineFits[columns.machine[row] ?? -1] !== 1) continue
    if (regionFits[columns.region[row] ?? -1] !== 1) continue
    if (requirements.spot !== null && (columns.spot[row] === 1) !== requirements.spot) continue
    const price = columns.price[row] ?? Infinity
    if (priceMax !== null && (price === Infinity || price > priceMax)) continue
    matched++
    best.offer(row)
  }
  return { matched, offers: best.rows().map((row) => columns.offer(row)) }
}

const inside = (range: Range | null, value: number): boolean =>
  range === null ||
  ((range.min === null || value >= range.min) && (range.max === null || value <= range.max))

/** Sizes are compared as whole MiB. */
const insideMib = (range: Range | null, mib: number): boolean =>
  range === null ||
  inside(
    {
      min: range.min === null ? null : Math.round(range.min),
      max: range.max === null ? null : Math.round(range.max),
    },
    mib,
  )

const fits = (type: InstanceType, requirements: Requirements): boolean =>
  inside(requirements.cpu, type.cpus) &&
  insideMib(requirements.memoryMib, type.memoryMib) &&
  (type.diskMib === null || insideMib(requirements.diskMib, type.diskMib)) &&
  fitsGpu(type, requirements.gpu)

const fitsGpu = ({ gpu, gpuCount }: InstanceType, asked: GpuRequirement | null): boolean => {
  if (asked === null) return true
  if (gpu === null && asked.count.min === 0) return true
  const each = gpu?.memoryMib ?? 0
  const lower = gpu?.name.toLowerCase()
  if (asked.names && !asked.names.some((name) => name.toLowerCase() === lower)) return false
  if (asked.vendors && !asked.vendors.some((vendor) => vendor === gpu?.vendor)) return false
  if (asked.computeCapability) {
    const [major, minor] = asked.computeCapability
    const has = gpu?.computeCapability
    if (!has || has[0] < major || (has[0] === major && has[1] < minor)) return false
  }
  return (
    inside(asked.count, gpuCount) &&
    insideMib(asked.memoryMib, each) &&
    insideMib(asked.totalMemoryMib, each * gpuCount)
  )
}

const holdsName = (names: readonly string[] | null, name: string | null): boolean =>
  names === null || names.some((one) => one.toLowerCase() === name?.toLowerCase())

const fittingMachines = (columns: OfferColumns, requirements: Requirements): Uint8Array =>
  Uint8Array.from(columns.machines, ({ backend, type }) =>
    Number(
      holdsName(requirements.backends, backend) &&
        holdsName(requirements.instanceTypes, type.name) &&
        fits(type, requirements),
    ),
  )

const fittingRegions = ({ regions }: OfferColumns, requirements: Requirements): Uint8Array =>
  Uint8Array.from(regions, (region) => Number(holdsName(requirements.regions, region)))

interface FirstRows {
  offer(row: number): void
  rows(): readonly number[]
}

/** Keeps a few thousand rows, and cuts them to the first `limit` when they are too many. */
const firstRows = (columns: OfferColumns, limit: number): FirstRows => {
  const { price, outOfStock, machine, spot, region, regions } = columns
  const at = (column: Int32Array | Int16Array | Uint8Array | Float64Array, row: number): number =>
    column[row] ?? -1
  const name = (row: number): string => regions[at(region, row)] ?? ''
  const inOrder = (left: number, right: number): number => {
    const stock = at(outOfStock, left) - at(outOfStock, right)
    if (stock !== 0) return stock
    const [one, other] = [at(price, left), at(price, right)]
    if (one !== other) return one < other ? -1 : 1
    const place = at(machine, left) - at(machine, right) || at(spot, left) - at(spot, right)
    return place || (name(left) < name(right) ? -1 : 1)
  }
  let kept: number[] = []
  let last: number | null = null
  const cut = (): void => {
    kept = kept.sort(inOrder).slice(0, limit)
    last = kept.length === limit ? (kept.at(-1) ?? null) : null
  }
  return {
    offer: (row) => {
      if (last !== null && inOrder(row, last) > 0) return
      kept.push(row)
      if (kept.length >= limit + 2000) cut()
    },
    rows: () => {
      cut()
      return kept
    },
  }
}
