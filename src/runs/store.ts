/** Reads and writes the rows of the state file; every change of a status is written down as well. */
import type { Sqlite } from '#platform/sqlite'
import { newJournal, type Transition } from './journal.ts'
import { type LeaseProcess, type LeaseRows, newLeaseRows, thisProcess } from './lease-rows.ts'
import { type MachineRows, newMachineRows } from './machine-rows.ts'
import { pruneBefore } from './prune.ts'
import { newRunRows, type RunRows } from './run-rows.ts'
import { newScalingRows, type ScalingRows } from './scaling-rows.ts'
import { newServedRows, type ServedRows } from './served-rows.ts'
import { newWriter } from './write-rows.ts'

export interface Store extends RunRows, MachineRows, ScalingRows, LeaseRows, ServedRows {
  /** All of it or nothing. */
  atomically<T>(work: () => T): T
  /** The random id that machines are tagged with, made on the first call. */
  owner(make: () => string, nowMs: number): string
  /** Backends that were ever asked for a machine, as far as the books go back. */
  backendsUsed(): readonly string[]
  transitions(runId: string): readonly Transition[]
  /** Grows when a status has changed. */
  transitionsWritten(): number
  /** Another one when any other process has written anything. */
  version(): number
  /** Forgets what was over before. */
  prune(beforeMs: number): void
  close(): void
}

export const newStore = (
  database: Sqlite,
  nowMs: () => number,
  self: LeaseProcess = thisProcess(),
): Store => {
  const writer = newWriter(database)
  const journal = newJournal(database, writer, nowMs)
  const ownerId = database.prepare<[], string>('SELECT id FROM owner').pluck()
  const used = database.prepare<[], string>('SELECT DISTINCT backend FROM attempt').pluck()
  const atomically = <T>(work: () => T): T =>
    database.inTransaction ? work() : database.transaction(work).immediate()

  return {
    ...newRunRows(database, writer, journal, nowMs),
    ...newMachineRows(database, writer, journal),
    ...newScalingRows(database, writer),
    ...newLeaseRows(database, writer, self),
    ...newServedRows(database, writer),
    atomically,
    owner: (make, now) =>
      ownerId.get() ??
      atomically(() => {
        const known = ownerId.get()
        if (known !== undefined) return known
        const id = make()
        writer.insert('owner', { id, createdMs: now })
        return id
      }),
    backendsUsed: () => used.all(),
    transitions: (runId) => journal.of(runId),
    transitionsWritten: () => journal.written(),
    version: () => Number(database.pragma('data_version', { simple: true })),
    prune: (beforeMs) => atomically(() => pruneBefore(writer, beforeMs)),
    close: () => database.close(),
  }
}
