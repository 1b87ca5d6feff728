/** Which runs the gateway of a server knows, in the state file. */
import type { Sqlite } from '#platform/sqlite'
import type { Writer } from './write-rows.ts'

export interface ServedRows {
  /** What was said before stays as it was. */
  noteServed(runId: string, nowMs: number): void
  isServed(runId: string): boolean
}

export const newServedRows = (database: Sqlite, writer: Writer): ServedRows => {
  const served = database
    .prepare<[string], number>('SELECT since_ms FROM served WHERE run_id = ?')
    .pluck()
  return {
    noteServed: (runId, nowMs) => {
      writer.run(
        `INSERT INTO served (run_id, since_ms) VALUES (@runId, @nowMs)
         ON CONFLICT (run_id) DO NOTHING`,
        { runId, nowMs },
      )
    },
    isServed: (runId) => served.get(runId) !== undefined,
  }
}
