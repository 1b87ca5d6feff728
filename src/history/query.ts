/**
 * Answers a person's SQL over the catalogs and the history. It runs in a process of its own: SQLite
 * does not stop in the middle of a statement, and a process can be ended.
 */
import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { guarded, openCatalogFile } from '#catalog/database'
import { embeddedCatalogPath } from '#catalog/location'
import { assignBackends, shelvedBackends } from '#catalog/shelf'
import { ArgumentError, HistoryMissingError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { packageRoot } from '#platform/package-root'
import { type CopiedHistory, copiedHistory } from './copied-history.ts'
import { historyPlaces } from './location.ts'
import { openHistory } from './open.ts'
import { queryProgram } from './query-program.ts'
import { type ViewedCatalog, viewStatements } from './views.ts'

export type QueryValue = string | number | null

export interface QueryAnswer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly QueryValue[])[]
  /** Whether there were more rows than asked for. */
  readonly more: boolean
}

export interface QueryOptions {
  readonly environment: Environment
  /** 0 gives all. */
  readonly limit: number
  readonly timeLimitMs: number
  /** The catalog that comes with the program, by default. */
  readonly embeddedPath?: string
}

/** What a query may start with, after blanks and comments. Nothing else reads rows and only that. */
const readsRows =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:select|with|values|explain)\b/i

const refuseOther = (sql: string): void => {
  if (readsRows.test(sql)) return
  throw new ArgumentError('only a query can be asked', {
    hint: 'one statement that starts with SELECT, WITH, VALUES or EXPLAIN',
  })
}

const backendsIn = (path: string) => {
  const database = openCatalogFile(path)
  try {
    return guarded(path, () => ({
      shelved: shelvedBackends(database),
      ids: new Map(
        database.prepare<[], [string, number]>('SELECT name, id FROM backend').raw().all(),
      ),
    }))
  } finally {
    database.close()
  }
}

const viewed = (paths: readonly string[]): readonly ViewedCatalog[] => {
  const files = paths.map(backendsIn)
  return assignBackends(files.map(({ shelved }) => shelved)).map((assigned, index) => ({
    schema: index === 0 ? 'main' : 'own',
    catalog: index === 0 ? 'embedded' : 'user',
    backendIds: assigned.flatMap(({ name }) => files[index]?.ids.get(name) ?? []),
  }))
}

/** Brings it to what the catalog holds first. Null where nothing is recorded. */
const copyOfHistory = (environment: Environment): CopiedHistory | null => {
  const places = historyPlaces(environment)
  try {
    openHistory(places).close()
    return copiedHistory(places.historyPath)
  } catch (error) {
    if (error instanceof HistoryMissingError) return null
    throw error
  }
}

interface Asked {
  readonly library: string
  readonly main: string
  readonly attached: readonly (readonly [schema: string, path: string])[]
  /** The folder to be removed once all is attached. */
  readonly copied: string | null
  readonly views: readonly string[]
  readonly sql: string
  readonly limit: number
}

const toAsked = (
  sql: string,
  { environment, limit, embeddedPath }: QueryOptions,
  history: CopiedHistory | null,
): Asked => {
  const main = embeddedPath ?? embeddedCatalogPath()
  const { catalogPath } = historyPlaces(environment)
  const own = systemFiles.exists(catalogPath) ? [catalogPath] : []
  return {
    library: createRequire(join(packageRoot(), 'package.json')).resolve('better-sqlite3'),
    main,
    attached: [
      ...own.map((path) => ['own', path] as const),
      ...(history === null ? [] : [['history', history.path] as const]),
    ],
    copied: history?.folder ?? null,
    views: viewStatements(viewed([main, ...own]), history !== null),
    sql,
    limit,
  }
}

const askWithCopy = async (sql: string, options: QueryOptions): Promise<Reply | null> => {
  const history = copyOfHistory(options.environment)
  try {
    return await ask(toAsked(sql, options, history), options.timeLimitMs)
  } finally {
    history?.remove()
  }
}

type Reply = { readonly error: string } | QueryAnswer

/** Throws ArgumentError for a query that is none, fails, or takes longer than it may. */
export const queryPrices = async (sql: string, options: QueryOptions): Promise<QueryAnswer> => {
  refuseOther(sql)
  const reply = await askWithCopy(sql, options)
  if (reply === null) {
    throw new ArgumentError(`the query took longer than ${options.timeLimitMs / 1000} s`, {
      hint: 'ask for less, or give it longer: --timeout 2m',
    })
  }
  if ('error' in reply) {
    throw new ArgumentError(`the query fails: ${reply.error}`, {
      hint: 'dstack-offers sql --schema lists views and columns',
    })
  }
  return reply
}

const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && ('error' in value || 'rows' in value)

/** Null where it was ended before it had answered. */
const ask = (asked: Asked, timeLimitMs: number): Promise<Reply | null> =>
  new Promise((resolve, reject) => {
    const child = fork('query', [], {
      execArgv: ['-e', queryProgram],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: timeLimitMs,
      killSignal: 'SIGKILL',
    })
    let reply: Reply | null = null
    child.on('message', (value: unknown) => {
      if (isReply(value)) reply = value
    })
    child.once('error', reject)
    child.once('close', () => {
      // Ended by itself, not for its time.
      if (reply === null && !child.killed) {
        resolve({ error: 'its answer is too large to hold' })
        return
      }
      resolve(reply)
    })
    child.send(asked)
  })
