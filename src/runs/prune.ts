/** Forgets what nobody needs any more, so that the state file does not grow for ever. */
import type { Writer } from './write-rows.ts'

/**
 * In this order, since rows point at each other. Of a run that goes on, what belongs to its newest
 * submissions stays, and so does all of a machine or side object that may still be there.
 */
const statements = [
  `DELETE FROM transition WHERE at_ms < @beforeMs`,
  `DELETE FROM cool_down WHERE until_ms < @beforeMs`,
  `DELETE FROM side_object WHERE gone_ms < @beforeMs`,
  `DELETE FROM instance WHERE ended_ms < @beforeMs AND NOT EXISTS (
     SELECT 1 FROM replica JOIN run ON run.id = replica.run_id
     WHERE replica.instance_id = instance.id AND run.ended_ms IS NULL)`,
  `DELETE FROM attempt WHERE ended_ms < @beforeMs
     AND NOT EXISTS (SELECT 1 FROM instance WHERE instance.id = attempt.id)
     AND NOT EXISTS (SELECT 1 FROM side_object
       WHERE side_object.attempt_id = attempt.id AND side_object.gone_ms IS NULL)
     AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = attempt.run_id AND run.ended_ms IS NULL
       AND attempt.submission = (SELECT max(submission) FROM replica
         WHERE replica.run_id = attempt.run_id AND replica.replica = attempt.replica))`,
  `DELETE FROM replica WHERE changed_ms < @beforeMs
     AND (submission < (SELECT max(submission) FROM replica AS newest
         WHERE newest.run_id = replica.run_id AND newest.replica = replica.replica)
       OR EXISTS (SELECT 1 FROM run WHERE run.id = replica.run_id AND run.ended_ms < @beforeMs))`,
  `DELETE FROM run WHERE ended_ms < @beforeMs
     AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.run_id = run.id)
     AND NOT EXISTS (SELECT 1 FROM replica WHERE replica.run_id = run.id)`,
]

export const pruneBefore = (writer: Writer, beforeMs: number): void => {
  for (const sql of statements) writer.run(sql, { beforeMs })
}
