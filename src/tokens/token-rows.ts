/** Tokens as rows. */
import { StateUnreadableError } from '#domain/errors'
import type { Sqlite } from '#platform/sqlite'
import type { Token } from './token.ts'

export interface KeptToken {
  readonly token: Token
  /** sha256 of its text. */
  readonly digest: Buffer
}

interface Row extends Omit<Token, 'runs'> {
  readonly digest: Buffer
  readonly runs: string | null
}

const runsOf = (text: string | null): readonly string[] | null => {
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new StateUnreadableError('a row of the file of tokens has another shape than it was given')
}

const columns =
  'id, name, digest, runs, created_ms AS createdMs, expires_ms AS expiresMs, revoked_ms AS revokedMs, used_ms AS usedMs'

export const rowsOfTokens = (database: Sqlite) => {
  const all = database.prepare<[], Row>(`SELECT ${columns} FROM token ORDER BY rowid`)
  const insert = database.prepare(
    'INSERT INTO token VALUES (@id, @name, @digest, @runs, @createdMs, @expiresMs, @revokedMs, @usedMs)',
  )
  const revoke = database.prepare('UPDATE token SET revoked_ms = ? WHERE id = ?')
  const use = database.prepare('UPDATE token SET used_ms = ? WHERE id = ?')
  const dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck()
  return {
    list: (): readonly KeptToken[] =>
      all.all().map(({ digest, runs, ...row }) => ({
        token: { ...row, runs: runsOf(runs) },
        digest,
      })),
    insert: ({ token, digest }: KeptToken): void => {
      const runs = token.runs === null ? null : JSON.stringify(token.runs)
      insert.run({ ...token, runs, digest })
    },
    revoke: (id: string, nowMs: number): void => {
      revoke.run(nowMs, id)
    },
    use: (id: string, dayMs: number): void => {
      use.run(dayMs, id)
    },
    /** Changes when another connection commits. */
    dataVersion: (): number => dataVersion.get() ?? 0,
  }
}
