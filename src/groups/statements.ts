/**
 * The SQL of grouping. Texts that never change, as in a search: what a request leaves open is a value
 * that admits everything. Join order is stated (CROSS JOIN).
 */
import { outOfStock } from '#catalog/tables'

/** A variant that may hold offers of interest, with what its offers have in common. */
export type VariantRow = [
  id: number,
  gpuId: number,
  gpuCount: number,
  backendId: number,
  minStanding: number,
  maxStanding: number,
  offers: number,
]

export interface VariantValues {
  /** JSON array of ids. */
  readonly gpus: string
  readonly priceMax: number
  readonly cpuMin: number
  readonly cpuMax: number
  readonly memoryMin: number
  readonly memoryMax: number
  readonly diskMin: number
  readonly diskMax: number
  readonly spotMin: number
  readonly spotMax: number
  readonly backendMask: number
  /** The folded bits of the regions asked for; -1 for any. */
  readonly regionMask: number
}

/** Every variant that meets the bounds, but for the count of accelerators, which depends on the model. */
const variants = `
SELECT variant.id, cell.gpu_id, variant.gpu_count, variant.backend_id,
  variant.min_standing, variant.max_standing, variant.offers
FROM json_each(@gpus) AS wanted
CROSS JOIN cell
CROSS JOIN variant
WHERE cell.gpu_id = wanted.value
  AND cell.spot BETWEEN @spotMin AND @spotMax
  AND cell.max_cpu_milli >= @cpuMin AND cell.min_cpu_milli <= @cpuMax
  AND cell.max_memory_mib >= @memoryMin AND cell.min_memory_mib <= @memoryMax
  AND cell.backend_mask & @backendMask
  AND variant.cell_id = cell.id
  AND variant.min_standing <= @priceMax + cell.out_of_stock * ${outOfStock}
  AND variant.cpu_milli BETWEEN @cpuMin AND @cpuMax
  AND variant.memory_mib BETWEEN @memoryMin AND @memoryMax
  AND (variant.disk_mib IS NULL OR variant.disk_mib BETWEEN @diskMin AND @diskMax)
  AND (@backendMask >> variant.backend_id) & 1
  AND variant.region_mask & @regionMask`

/**
 * All offers of each of the variants (a JSON array of ids), as one JSON array: region id and standing
 * in turn. One row a variant costs a fifth of one row an offer.
 */
const offersOfVariants = `
SELECT wanted.value, (
  SELECT '[' || group_concat(offer.region_id || ',' || offer.standing) || ']'
  FROM offer WHERE offer.variant_id = wanted.value
)
FROM json_each(@variants) AS wanted`

/** The first region by name in which a variant is sold at a standing. */
const firstRegion = `
SELECT region.name
FROM offer
CROSS JOIN region
WHERE offer.variant_id = @variant AND offer.standing = @standing AND region.id = offer.region_id
ORDER BY region.name
LIMIT 1`

const instanceTypeName = `
SELECT name FROM instance_type WHERE id = @instanceType`

const namedInstanceTypes = `
SELECT id FROM instance_type
WHERE name COLLATE NOCASE IN (SELECT value FROM json_each(@names))`

const regions = 'SELECT id, name FROM region'

export const groupStatements = {
  variants,
  offersOfVariants,
  firstRegion,
  instanceTypeName,
  namedInstanceTypes,
  regions,
} as const
