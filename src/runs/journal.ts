/** Every change of a status, with its time and reason. */
import type { Sqlite } from '#platform/sqlite'
import type { Attempt, Instance, Replica, Run } from './rows.ts'
import type { Writer } from './write-rows.ts'

export interface Transition {
  readonly atMs: number
  readonly runId: string | null
  readonly replica: number | null
  readonly instanceId: string | null
  readonly subject: 'run' | 'replica' | 'attempt' | 'instance'
  readonly before: string | null
  readonly after: string
  readonly why: string | null
}

export interface Journal {
  run(run: Run, before: string | null, why: string | null): void
  replica(replica: Replica, before: string | null, why: string | null): void
  attempt(attempt: Attempt, before: string | null, why: string | null): void
  instance(instance: Instance, before: string | null, why: string | null): void
  of(runId: string): readonly Transition[]
  /** How many this process has written: grows when something has moved. */
  written(): number
}

export const newJournal = (database: Sqlite, writer: Writer, nowMs: () => number): Journal => {
  const ofRun = database.prepare<{ runId: string }, Transition>(
    `SELECT at_ms AS atMs, run_id AS runId, replica, instance_id AS instanceId, subject, before,
       after, why
     FROM transition WHERE run_id = @runId ORDER BY id`,
  )
  let count = 0
  const note = (one: Omit<Transition, 'atMs'>): void => {
    writer.insert('transition', { atMs: nowMs(), ...one })
    count += 1
  }
  return {
    run: ({ id: runId, status: after }, before, why) =>
      note({ subject: 'run', runId, replica: null, instanceId: null, before, after, why }),
    replica: ({ runId, replica, instanceId, status: after }, before, why) =>
      note({ subject: 'replica', runId, replica, instanceId, before, after, why }),
    attempt: ({ runId, replica, state: after, message, offer }, before, why) =>
      note({
        subject: 'attempt',
        runId,
        replica,
        instanceId: null,
        before,
        after,
        why: why ?? message ?? offer.id,
      }),
    instance: ({ runId, replica, id, status: after }, before, why) =>
      note({ subject: 'instance', runId, replica, instanceId: id, before, after, why }),
    of: (runId) => ofRun.all({ runId }),
    written: () => count,
  }
}
