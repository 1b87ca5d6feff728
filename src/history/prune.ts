/** Forgets how prices went before a moment; what they were at that moment stays. */
import { printInstant } from '#platform/http-time'
import type { Sqlite } from '#platform/sqlite'
import { type Generation, lastGenerations } from './generations.ts'

export interface Pruned {
  /** Changes before, and after. */
  readonly changes: readonly [before: number, after: number]
  /** Bytes of the file before, and after. */
  readonly bytes: readonly [before: number, after: number]
  /** From when on every change is kept; null where there is nothing older. */
  readonly since: string | null
}

const numberOf = (database: Sqlite, sql: string): number =>
  Number(database.prepare(sql).pluck().get() ?? 0)

const bytesOf = (database: Sqlite): number =>
  numberOf(database, 'PRAGMA page_count') * numberOf(database, 'PRAGMA page_size')

const ofBackend =
  'offer_id IN (SELECT offer.id FROM offer JOIN instance_type ON instance_type.id = instance_type_id WHERE backend_id = @backendId)'

/** What a row says last up to a generation becomes what it says at that generation. */
const foldBackend = (database: Sqlite, { id, backendId }: Generation): void => {
  const run = (sql: string): number => database.prepare(sql).run({ id, backendId }).changes
  const laterUpTo = (table: string, key: string): string =>
    `EXISTS (SELECT 1 FROM ${table} AS later WHERE later.${key} = ${table}.${key}
       AND later.generation > ${table}.generation AND later.generation <= @id)`
  run(`DELETE FROM change WHERE ${ofBackend} AND generation < @id
    AND ${laterUpTo('change', 'offer_id')}`)
  run(`DELETE FROM change WHERE ${ofBackend} AND generation <= @id AND stock IS NULL`)
  run(`UPDATE change SET generation = @id WHERE ${ofBackend} AND generation < @id`)
  const ofTypes = 'instance_type_id IN (SELECT id FROM instance_type WHERE backend_id = @backendId)'
  run(`DELETE FROM machine WHERE ${ofTypes} AND generation < @id
    AND ${laterUpTo('machine', 'instance_type_id')}`)
  run(`UPDATE machine SET generation = @id WHERE ${ofTypes} AND generation < @id`)
  const older = 'backend_id = @backendId AND id < @id AND complete > 0'
  // Marked, so that no other source is taken for what was known before it.
  if (run(`DELETE FROM generation WHERE ${older}`) > 0) {
    database.prepare('UPDATE generation SET complete = 2 WHERE id = ?').run(id)
  }
}

const removeOrphans = (database: Sqlite): void => {
  database.exec(`
    DELETE FROM offer WHERE id NOT IN (SELECT offer_id FROM change);
    DELETE FROM instance_type WHERE id NOT IN (SELECT instance_type_id FROM offer);
    DELETE FROM machine WHERE instance_type_id NOT IN (SELECT id FROM instance_type);
    DELETE FROM gpu WHERE id NOT IN (SELECT gpu_id FROM machine WHERE gpu_id IS NOT NULL);
    DELETE FROM word WHERE id NOT IN (
      SELECT region_id FROM offer WHERE region_id IS NOT NULL
      UNION SELECT source_id FROM generation UNION SELECT notes_id FROM generation
      UNION SELECT importer_id FROM generation)`)
}

class DryRun extends Error {}

/**
 * Afterwards every moment from `beforeSeconds` on is as it was. A dry run says what would be left of
 * the changes, and leaves all in place.
 */
export const pruneHistory = (
  database: Sqlite,
  beforeSeconds: number,
  { dryRun }: { readonly dryRun: boolean },
): Pruned => {
  const count = (): number => numberOf(database, 'SELECT count(*) FROM change')
  const [changes, bytes] = [count(), bytesOf(database)]
  const horizon = lastGenerations(database, beforeSeconds)
  let left = changes
  const work = database.transaction(() => {
    for (const generation of horizon) foldBackend(database, generation)
    removeOrphans(database)
    left = count()
    if (dryRun) throw new DryRun()
  })
  try {
    work.immediate()
    database.exec('VACUUM')
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
  }
  return {
    changes: [changes, left],
    bytes: [bytes, bytesOf(database)],
    since: horizon.length === 0 ? null : printInstant(beforeSeconds * 1000),
  }
}
