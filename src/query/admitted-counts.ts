import { compareCapability, type Gpu } from '#domain/gpu'
import { contains, exactly, type Range } from '#domain/range'
import type { GpuRequirement } from '#domain/requirements'

/**
 * How many accelerators of a model meet the requirement; null when no number does. Without a model
 * (a machine with no accelerators) the answer is 0 or null.
 *
 * Total memory is a matter of count once the model is known, so this one function decides for the
 * predicate and for the SQL, which asks it once per model in the catalog.
 */
export const admittedCounts = (wanted: GpuRequirement, model: Gpu | null): Range | null => {
  if (model === null && wanted.count.min === 0) return exactly(0)
  const memoryMib = model?.memoryMib ?? 0
  if (!admitsModel(wanted, model)) return null
  if (wanted.memoryMib && !contains(wanted.memoryMib, memoryMib)) return null

  const byTotal = countsForTotal(wanted.totalMemoryMib, memoryMib)
  if (byTotal === null) return null
  const most = model === null ? 0 : null
  const counts = {
    min: larger(wanted.count.min, byTotal.min),
    max: smaller(smaller(wanted.count.max, byTotal.max), most),
  }
  const empty = counts.max !== null && (counts.min ?? 0) > counts.max
  return empty ? null : counts
}

const admitsModel = (wanted: GpuRequirement, model: Gpu | null): boolean => {
  const { names, vendors, computeCapability } = wanted
  if (names && !names.some((name) => name.toLowerCase() === model?.name.toLowerCase())) return false
  if (vendors && !(model && vendors.includes(model.vendor))) return false
  if (!computeCapability) return true
  const has = model?.computeCapability
  return has ? compareCapability(has, computeCapability) >= 0 : false
}

const countsForTotal = (total: Range | null, memoryMib: number): Range | null => {
  if (total === null) return { min: null, max: null }
  if (memoryMib === 0) return contains(total, 0) ? { min: null, max: null } : null
  return {
    min: total.min === null ? null : Math.ceil(total.min / memoryMib),
    max: total.max === null ? null : Math.floor(total.max / memoryMib),
  }
}

const larger = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.max(left, right)

const smaller = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.min(left, right)
