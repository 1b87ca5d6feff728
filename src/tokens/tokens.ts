/** The tokens of a data folder. */
import { join } from 'node:path'
import { TokenNameTakenError, TokenUnknownError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import type { Sqlite } from '#platform/sqlite'
import { checkNewToken, type NewToken } from './checked-token.ts'
import { rowsOfTokens, type KeptToken } from './token-rows.ts'
import { digestOf, newTokenId, newTokenText } from './token-text.ts'
import type { Token } from './token.ts'
import { busyTimeoutMs, openTokensFile } from './tokens-file.ts'

interface CreatedToken {
  readonly token: Token
  /** Cannot be had again. */
  readonly text: string
}

export interface Tokens {
  /** Throws ArgumentError and TokenNameTakenError. */
  create(wanted: NewToken): CreatedToken
  /** Of a file that never held a token: one for all runs, named `admin`. Null otherwise. */
  ensureAdminToken(): CreatedToken | null
  /** Oldest first, revoked ones too. */
  list(): readonly Token[]
  /** As `list`, with their digests. */
  kept(): readonly KeptToken[]
  /** By id, else by name. Throws TokenUnknownError where none in force has it. */
  revoke(idOrName: string): Token
  /** Changes whenever what is listed may have. */
  version(): string
  /** Does not wait and does not throw: false where it could not be written just now. */
  recordUse(id: string, dayMs: number): boolean
  nowMs(): number
  close(): void
}

const everything: NewToken = { name: 'admin', runs: null, expiresMs: null }

const insert = (database: Sqlite, wanted: NewToken, nowMs: number): CreatedToken => {
  const rows = rowsOfTokens(database)
  const id = newTokenId()
  const name = wanted.name ?? id
  const isTaken = ({ token }: KeptToken): boolean =>
    token.id === name || (token.name === name && token.revokedMs === null)
  if (rows.list().some(isTaken)) {
    throw new TokenNameTakenError(`there is a token "${name}"`, {
      hint: `take another name, or first: dstack-offers token revoke ${name}`,
    })
  }
  const text = newTokenText()
  const { runs, expiresMs } = wanted
  const token: Token = {
    id,
    name,
    runs,
    createdMs: nowMs,
    expiresMs,
    revokedMs: null,
    usedMs: null,
  }
  rows.insert({ token, digest: digestOf(text) })
  return { token, text }
}

const revoke = (database: Sqlite, idOrName: string, nowMs: number): Token => {
  const rows = rowsOfTokens(database)
  const inForce = rows.list().flatMap(({ token }) => (token.revokedMs === null ? [token] : []))
  const token =
    inForce.find(({ id }) => id === idOrName) ?? inForce.find(({ name }) => name === idOrName)
  if (token === undefined) {
    throw new TokenUnknownError(`there is no token "${idOrName}" to revoke`, {
      hint: 'dstack-offers token list shows ids and names',
    })
  }
  rows.revoke(token.id, nowMs)
  return { ...token, revokedMs: nowMs }
}

/** Those of the data folder. Makes the file where there is none. Every method may throw StateUnreadableError. */
export const openTokens = (environment: Environment, nowMs: () => number): Tokens => {
  const path = join(dataHome(environment), 'tokens.sqlite')
  const { database, within } = openTokensFile(path)
  const rows = rowsOfTokens(database)
  let ownWrites = 0
  const change = <T>(work: () => T): T =>
    within(() => {
      const result = database.transaction(work).immediate()
      ownWrites += 1
      return result
    })
  return {
    create: (wanted) => {
      const createdMs = nowMs()
      checkNewToken(wanted, createdMs)
      return change(() => insert(database, wanted, createdMs))
    },
    ensureAdminToken: () =>
      change(() => (rows.list().length > 0 ? null : insert(database, everything, nowMs()))),
    list: () => within(() => rows.list().map(({ token }) => token)),
    kept: () => within(rows.list),
    revoke: (idOrName) => change(() => revoke(database, idOrName, nowMs())),
    // SQLite counts what others commit, and not what this connection does.
    version: () => within(() => `${rows.dataVersion()}.${ownWrites}`),
    recordUse: (id, dayMs) => {
      database.pragma('busy_timeout = 0')
      try {
        rows.use(id, dayMs)
        return true
      } catch {
        return false
      } finally {
        database.pragma(`busy_timeout = ${busyTimeoutMs}`)
      }
    },
    nowMs,
    close: () => database.close(),
  }
}
