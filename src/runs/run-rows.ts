/** Runs, their replicas and the attempts to place them, in the state file. */
import type { Sqlite } from '#platform/sqlite'
import type { Journal } from './journal.ts'
import { attemptReader, replicaReader, runReader } from './read-rows.ts'
import type { Attempt, Replica, Run } from './rows.ts'
import type { Change, Writer } from './write-rows.ts'

export interface RunRows {
  addRun(run: Run): void
  changeRun(run: Run, change: Change<Run>, why?: string): Run
  run(id: string): Run | null
  /** The one of that name that is not over; else the newest. */
  runNamed(name: string): Run | null
  /** Newest first; only those that are not over, unless `all`. */
  runs(all: boolean): readonly Run[]

  addReplica(replica: Replica): void
  changeReplica(replica: Replica, change: Change<Replica>, why?: string): Replica
  /** Its newest submission. */
  replica(runId: string, replica: number): Replica | null
  /** The newest submission of each, by number. */
  replicas(runId: string): readonly Replica[]

  addAttempt(attempt: Attempt): void
  changeAttempt(attempt: Attempt, change: Change<Attempt>): Attempt
  attempt(id: string): Attempt | null
  /** As they were made. */
  attempts(runId: string): readonly Attempt[]
  attemptsOf(replica: Replica): readonly Attempt[]
  unsettledAttempts(): readonly Attempt[]
}

const newestFirst = 'ORDER BY submitted_ms DESC, id DESC'

const runRows = (database: Sqlite, writer: Writer, journal: Journal) => {
  const byId = runReader(database, 'WHERE id = @id')
  const byName = runReader(
    database,
    `WHERE name = @name ORDER BY ended_ms IS NULL DESC, submitted_ms DESC, id DESC LIMIT 1`,
  )
  const everyOne = runReader(database, newestFirst)
  const open = runReader(database, `WHERE ended_ms IS NULL ${newestFirst}`)
  return {
    addRun: (run) => {
      writer.insert('run', run)
      journal.run(run, null, null)
    },
    changeRun: (run, change, why) => {
      const now = writer.update('run', run, change, { id: run.id })
      if (now.status !== run.status) journal.run(now, run.status, why ?? now.reason)
      return now
    },
    run: (id) => byId({ id })[0] ?? null,
    runNamed: (name) => byName({ name })[0] ?? null,
    runs: (isAll) => (isAll ? everyOne() : open()),
  } satisfies Partial<RunRows>
}

const replicaRows = (database: Sqlite, writer: Writer, journal: Journal, nowMs: () => number) => {
  const newest = replicaReader(
    database,
    'WHERE run_id = @runId AND replica = @replica ORDER BY submission DESC LIMIT 1',
  )
  const newestOfEach = replicaReader(
    database,
    `AS newest WHERE run_id = @runId AND submission = (
       SELECT max(submission) FROM replica WHERE run_id = @runId AND replica = newest.replica
     ) ORDER BY replica`,
  )
  return {
    addReplica: (replica) => {
      writer.insert('replica', replica)
      journal.replica(replica, null, null)
    },
    changeReplica: (replica, change, why) => {
      const { runId, replica: number, submission } = replica
      const keys = { run_id: runId, replica: number, submission }
      const now = writer.update('replica', replica, { ...change, changedMs: nowMs() }, keys)
      if (now.status !== replica.status) {
        journal.replica(now, replica.status, why ?? change.message ?? change.reason ?? null)
      }
      return now
    },
    replica: (runId, replica) => newest({ runId, replica })[0] ?? null,
    replicas: (runId) => newestOfEach({ runId }),
  } satisfies Partial<RunRows>
}

const attemptRows = (database: Sqlite, writer: Writer, journal: Journal) => {
  const byId = attemptReader(database, 'WHERE id = @id')
  const ofRun = attemptReader(
    database,
    'WHERE run_id = @runId ORDER BY started_ms, replica, submission, number',
  )
  const ofSubmission = attemptReader(
    database,
    'WHERE run_id = @runId AND replica = @replica AND submission = @submission ORDER BY number',
  )
  const unsettled = attemptReader(
    database,
    `WHERE state IN ('intended', 'sent', 'unclear') ORDER BY started_ms, id`,
  )
  return {
    addAttempt: (attempt) => {
      writer.insert('attempt', attempt)
      journal.attempt(attempt, null, null)
    },
    changeAttempt: (attempt, change) => {
      const now = writer.update('attempt', attempt, change, { id: attempt.id })
      if (now.state !== attempt.state) journal.attempt(now, attempt.state, change.message ?? null)
      return now
    },
    attempt: (id) => byId({ id })[0] ?? null,
    attempts: (runId) => ofRun({ runId }),
    attemptsOf: ({ runId, replica, submission }) => ofSubmission({ runId, replica, submission }),
    unsettledAttempts: () => unsettled(),
  } satisfies Partial<RunRows>
}

export const newRunRows = (
  database: Sqlite,
  writer: Writer,
  journal: Journal,
  nowMs: () => number,
): RunRows => ({
  ...runRows(database, writer, journal),
  ...replicaRows(database, writer, journal, nowMs),
  ...attemptRows(database, writer, journal),
})
