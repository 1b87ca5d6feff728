/** Columns as rows: what `write-rows.ts` wrote, and nobody else writes this file. */
import { StateUnreadableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import type { Attempt, Instance, Replica, Run, RunSpec } from './rows.ts'
import { columnOf } from './write-rows.ts'

/** A row whose key holds JSON, as it is stored. */
type Stored<Row, Key extends keyof Row> = Omit<Row, Key> & { readonly [K in Key]: string }

const isSpec = (value: unknown): value is RunSpec =>
  typeof value === 'object' && value !== null && 'workload' in value && 'replicas' in value

const isOffer = (value: unknown): value is Offer =>
  typeof value === 'object' && value !== null && 'instanceType' in value && 'backend' in value

const parsed = <T>(text: string, isOne: (value: unknown) => value is T): T => {
  const value: unknown = JSON.parse(text)
  if (isOne(value)) return value
  throw new StateUnreadableError('a row of the file of runs has another shape than it was given')
}

const runKeys = [
  'id',
  'name',
  'status',
  'reason',
  'spec',
  'wantedReplicas',
  'submittedMs',
  'endedMs',
] as const satisfies readonly (keyof Run)[]

const replicaKeys = [
  'runId',
  'replica',
  'submission',
  'status',
  'reason',
  'message',
  'exitCode',
  'instanceId',
  'failures',
  'retrySinceMs',
  'firstFailedMs',
  'submittedMs',
  'runningMs',
  'changedMs',
] as const satisfies readonly (keyof Replica)[]

const attemptKeys = [
  'id',
  'runId',
  'replica',
  'submission',
  'number',
  'backend',
  'offer',
  'state',
  'class',
  'scope',
  'code',
  'message',
  'startedMs',
  'sentMs',
  'endedMs',
] as const satisfies readonly (keyof Attempt)[]

const instanceKeys = [
  'id',
  'name',
  'backend',
  'refId',
  'region',
  'zone',
  'status',
  'reason',
  'pool',
  'offer',
  'runId',
  'replica',
  'idleSeconds',
  'rateNanoUsd',
  'serviceHost',
  'servicePort',
  'sshHost',
  'sshPort',
  'createdMs',
  'idleSinceMs',
  'seenMs',
  'expiresMs',
  'endedMs',
] as const satisfies readonly (keyof Instance)[]

const columns = (keys: readonly string[]): string =>
  keys.map((key) => `${columnOf(key)} AS "${key}"`).join(', ')

type Given = Readonly<Record<string, string | number | null>>

/** A statement, made once; `rest` is what stands after the table's name. */
type Reader<Row> = (given?: Given) => readonly Row[]

export const runReader = (database: Sqlite, rest: string): Reader<Run> => {
  const statement = database.prepare<Given, Stored<Run, 'spec'>>(
    `SELECT ${columns(runKeys)} FROM run ${rest}`,
  )
  return (given = {}) =>
    statement.all(given).map((row) => ({ ...row, spec: parsed(row.spec, isSpec) }))
}

export const replicaReader = (database: Sqlite, rest: string): Reader<Replica> => {
  const statement = database.prepare<Given, Replica>(
    `SELECT ${columns(replicaKeys)} FROM replica ${rest}`,
  )
  return (given = {}) => statement.all(given)
}

export const attemptReader = (database: Sqlite, rest: string): Reader<Attempt> => {
  const statement = database.prepare<Given, Stored<Attempt, 'offer'>>(
    `SELECT ${columns(attemptKeys)} FROM attempt ${rest}`,
  )
  return (given = {}) =>
    statement.all(given).map((row) => ({ ...row, offer: parsed(row.offer, isOffer) }))
}

export const instanceReader = (database: Sqlite, rest: string): Reader<Instance> => {
  const statement = database.prepare<Given, Stored<Instance, 'offer'>>(
    `SELECT ${columns(instanceKeys)} FROM instance ${rest}`,
  )
  return (given = {}) =>
    statement.all(given).map((row) => ({ ...row, offer: parsed(row.offer, isOffer) }))
}
