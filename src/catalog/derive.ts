/**
 * The summaries, computed from the facts in the same transaction that changes them. SQLite has no
 * aggregate OR; summing distinct powers of two is one.
 */
import type { Sqlite } from '#platform/sqlite'
import { catalogDigest } from './digest.ts'
import { instanceTypesPerBackend, regionMaskBits, variantBits } from './tables.ts'

/**
 * Cells gather variants of one accelerator model whose counts, or without accelerators whose CPUs
 * and memory, agree to a power of two. Any gathering would be right: the boxes are computed from
 * what is in a cell. This one keeps them tight and few.
 */
const bucket = `CASE type.gpu_id
  WHEN 0 THEN (CAST(log2(max(type.cpu_milli, 1)) AS INTEGER) << 6) | CAST(log2(max(type.memory_mib, 1)) AS INTEGER)
  ELSE CAST(log2(type.gpu_count) AS INTEGER) END`

/** Computes the variants of one backend, which must have none. */
export const deriveVariants = (database: Sqlite, backendId: number): void => {
  const first = backendId * instanceTypesPerBackend * variantBits.perInstanceType
  database
    .prepare(
      `INSERT INTO variant
       SELECT (((type.gpu_id << 16) | (${bucket})) << 2) | (offer.variant_id & 3),
         min(offer.standing), offer.variant_id, max(offer.standing),
         type.cpu_milli, type.memory_mib, type.gpu_count, type.disk_mib, @backendId,
         sum(DISTINCT 1 << (offer.region_id % ${regionMaskBits})), count(*)
       FROM offer JOIN instance_type type ON type.id = offer.variant_id / ${variantBits.perInstanceType}
       WHERE offer.variant_id >= @first AND offer.variant_id < @last
       GROUP BY offer.variant_id`,
    )
    .run({
      backendId,
      first,
      last: first + instanceTypesPerBackend * variantBits.perInstanceType,
    })
}

/** Computes all cells anew. */
export const deriveCells = (database: Sqlite): void => {
  database.exec(
    `DELETE FROM cell;
     INSERT INTO cell
     SELECT cell_id, cell_id & ${variantBits.spot}, (cell_id & ${variantBits.outOfStock}) > 0, cell_id >> 18,
       min(gpu_count), max(gpu_count), min(cpu_milli), max(cpu_milli),
       min(memory_mib), max(memory_mib), max(disk_mib IS NOT NULL),
       sum(DISTINCT 1 << backend_id), min(min_standing), max(max_standing), sum(offers)
     FROM variant GROUP BY cell_id`,
  )
}

/** Computes the digest of the whole catalog. */
export const deriveDigest = (database: Sqlite): void => {
  const backends = database
    .prepare<[], { name: string; digest: string }>('SELECT name, digest FROM backend')
    .all()
  database.prepare('UPDATE summary SET digest = ?').run(catalogDigest(backends))
}
