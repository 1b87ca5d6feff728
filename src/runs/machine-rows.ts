/** Machines, what was made beside them, and what is left alone for a while, in the state file. */
import type { SideObject } from '#domain/launch'
import type { Sqlite } from '#platform/sqlite'
import type { CoolDown } from './cool-downs.ts'
import type { Journal } from './journal.ts'
import { instanceReader } from './read-rows.ts'
import type { Instance } from './rows.ts'
import type { Change, Writer } from './write-rows.ts'

/** A side object in the books. */
export interface NotedObject extends SideObject {
  readonly backend: string
  readonly attemptId: string
}

export interface MachineRows {
  addInstance(instance: Instance): void
  changeInstance(instance: Instance, change: Change<Instance>, why?: string): Instance
  instance(id: string): Instance | null
  /** Not ended, oldest first. */
  instances(): readonly Instance[]

  noteSideObject(backend: string, attemptId: string, object: SideObject): void
  sideObjectGone(backend: string, object: SideObject, nowMs: number): void
  sideObjects(): readonly NotedObject[]

  coolDown(coolDown: CoolDown): void
  /** Of keys that are still cooling down: why. */
  coolingDown(keys: readonly string[], nowMs: number): ReadonlyMap<string, string>
  /** For when its credentials have changed, or a person says so. */
  forgetCoolDowns(backend: string): void
}

const instanceRows = (database: Sqlite, writer: Writer, journal: Journal) => {
  const byId = instanceReader(database, 'WHERE id = @id')
  const alive = instanceReader(database, 'WHERE ended_ms IS NULL ORDER BY created_ms, id')
  return {
    addInstance: (instance) => {
      writer.insert('instance', instance)
      journal.instance(instance, null, instance.offer.id)
    },
    changeInstance: (instance, change, why) => {
      const now = writer.update('instance', instance, change, { id: instance.id })
      // Whose it was says more than nobody's.
      const told = { ...now, runId: now.runId ?? instance.runId }
      if (now.status !== instance.status) {
        journal.instance(told, instance.status, why ?? change.reason ?? null)
      }
      return now
    },
    instance: (id) => byId({ id })[0] ?? null,
    instances: () => alive(),
  } satisfies Partial<MachineRows>
}

interface SideObjectRow extends Omit<NotedObject, 'isShared' | 'region'> {
  readonly region: string
  readonly isShared: number
}

const sideObjectRows = (database: Sqlite, writer: Writer) => {
  const alive = database.prepare<[], SideObjectRow>(
    `SELECT backend, kind, id, region, attempt_id AS attemptId, is_shared AS isShared
     FROM side_object WHERE gone_ms IS NULL ORDER BY attempt_id, kind, id`,
  )
  return {
    noteSideObject: (backend, attemptId, { kind, id, region, isShared }) => {
      writer.run(
        `INSERT INTO side_object (backend, kind, id, region, attempt_id, is_shared)
         VALUES (@backend, @kind, @id, @region, @attemptId, @isShared)
         ON CONFLICT DO UPDATE SET gone_ms = NULL, attempt_id = @attemptId`,
        { backend, attemptId, kind, id, region: region ?? '', isShared: isShared ? 1 : 0 },
      )
    },
    sideObjectGone: (backend, { kind, id, region }, now) => {
      writer.run(
        `UPDATE side_object SET gone_ms = @now
         WHERE backend = @backend AND kind = @kind AND id = @id AND region = @region`,
        { backend, kind, id, region: region ?? '', now },
      )
    },
    sideObjects: () =>
      alive
        .all()
        .map((row) => ({ ...row, region: row.region || null, isShared: row.isShared === 1 })),
  } satisfies Partial<MachineRows>
}

const coolDownRows = (database: Sqlite, writer: Writer) => {
  const among = database
    .prepare<{ keys: string; now: number }, [string, string]>(
      `SELECT key, why FROM cool_down
       WHERE until_ms > @now AND key IN (SELECT value FROM json_each(@keys))`,
    )
    .raw()
  return {
    coolDown: ({ key, untilMs, why }) => {
      writer.run(
        `INSERT INTO cool_down (key, until_ms, why) VALUES (@key, @untilMs, @why)
         ON CONFLICT (key) DO UPDATE SET until_ms = max(until_ms, @untilMs), why = @why`,
        { key, untilMs, why },
      )
    },
    coolingDown: (keys, now) => new Map(among.all({ keys: JSON.stringify(keys), now })),
    forgetCoolDowns: (backend) => {
      writer.run(
        `DELETE FROM cool_down WHERE key = 'backend ' || @backend
           OR key LIKE '% ' || @backend || ' %' OR key LIKE 'offer ' || @backend || '/%'`,
        { backend },
      )
    },
  } satisfies Partial<MachineRows>
}

export const newMachineRows = (
  database: Sqlite,
  writer: Writer,
  journal: Journal,
): MachineRows => ({
  ...instanceRows(database, writer, journal),
  ...sideObjectRows(database, writer),
  ...coolDownRows(database, writer),
})
