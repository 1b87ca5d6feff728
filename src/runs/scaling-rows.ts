/** What the autoscaler last said of each run, in the state file; how it is told is its own business. */
import type { Sqlite } from '#platform/sqlite'
import type { Writer } from './write-rows.ts'

export interface ScalingRows {
  /** Takes the place of what was said before. */
  noteScaling(runId: string, note: string): void
  /** Null where nothing was ever said. */
  scalingNote(runId: string): string | null
}

export const newScalingRows = (database: Sqlite, writer: Writer): ScalingRows => {
  const noted = database
    .prepare<[string], string>('SELECT note FROM scaling WHERE run_id = ?')
    .pluck()
  return {
    noteScaling: (runId, note) => {
      writer.run(
        `INSERT INTO scaling (run_id, note) VALUES (@runId, @note)
         ON CONFLICT (run_id) DO UPDATE SET note = @note`,
        { runId, note },
      )
    },
    scalingNote: (runId) => noted.get(runId) ?? null,
  }
}
