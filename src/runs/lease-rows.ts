/** Leases as rows: who holds one until when, and which process that is. */
import { hasEnded, ownMark, type ProcessMark } from '#platform/process-mark'
import type { Sqlite } from '#platform/sqlite'
import type { Writer } from './write-rows.ts'

export interface LeaseRows {
  /** Takes or renews a lease; false while another holder has it. One whose process has ended has none. */
  takeLease(name: string, holder: string, nowMs: number, untilMs: number): boolean
  dropLease(name: string, holder: string): void
}

/** The process that acts, and how it knows that another one has ended. */
export interface LeaseProcess {
  readonly own: ProcessMark | null
  hasEnded(seen: ProcessMark): boolean
}

export const thisProcess = (): LeaseProcess => {
  const own = ownMark()
  return { own, hasEnded: (seen) => hasEnded(seen, own) }
}

interface Held extends ProcessMark {
  readonly holder: string
}

export const newLeaseRows = (database: Sqlite, writer: Writer, self: LeaseProcess): LeaseRows => {
  const heldByOthers = database.prepare<{ name: string; holder: string; now: number }, Held>(
    `SELECT holder, host, pid, born FROM lease
     WHERE name = @name AND holder <> @holder AND until_ms > @now
       AND told_by = holder AND host IS NOT NULL AND pid IS NOT NULL AND born IS NOT NULL`,
  )
  return {
    takeLease: (name, holder, now, untilMs) => {
      const other = heldByOthers.get({ name, holder, now })
      const gone = other !== undefined && self.hasEnded(other) ? other.holder : null
      const { host, pid, born } = self.own ?? { host: null, pid: null, born: null }
      const values = { name, holder, now, untilMs, gone, host, pid, born }
      return (
        writer.run(
          `INSERT INTO lease (name, holder, until_ms, told_by, host, pid, born)
           VALUES (@name, @holder, @untilMs, @holder, @host, @pid, @born)
           ON CONFLICT (name) DO UPDATE
           SET holder = @holder, until_ms = @untilMs, told_by = @holder,
             host = @host, pid = @pid, born = @born
           WHERE holder = @holder OR until_ms <= @now OR holder = @gone`,
          values,
        ) === 1
      )
    },
    dropLease: (name, holder) => {
      writer.run('DELETE FROM lease WHERE name = @name AND holder = @holder', { name, holder })
    },
  }
}
