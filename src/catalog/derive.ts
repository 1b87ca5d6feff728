/**
 * What backends share, computed from their own summaries in the same transaction that changes them.
 * SQLite has no aggregate OR; summing distinct powers of two is one.
 */
import type { Sqlite } from '#platform/sqlite'
import { catalogDigest } from './digest.ts'
import { variantBits } from './tables.ts'

/** Computes all cells anew. */
export const deriveCells = (database: Sqlite): void => {
  database.exec(
    `DELETE FROM cell;
     INSERT INTO cell
     SELECT cell_id, cell_id & ${variantBits.spot}, (cell_id & ${variantBits.outOfStock}) > 0, cell_id >> 18,
       min(gpu_count), max(gpu_count), min(cpu_milli), max(cpu_milli),
       min(memory_mib), max(memory_mib), max(disk_mib IS NULL), min(disk_mib), max(disk_mib),
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
