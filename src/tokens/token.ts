/** A token as it is kept: everything but its text. */
export interface Token {
  readonly id: string
  /** Of the tokens in force only one has it. */
  readonly name: string
  /** Names of runs; null for all of them. */
  readonly runs: readonly string[] | null
  readonly createdMs: number
  readonly expiresMs: number | null
  readonly revokedMs: number | null
  /** The start of the day it was last seen on (UTC); null before its first use. */
  readonly usedMs: number | null
}

export type TokenState = 'active' | 'expired' | 'revoked'

export const stateOf = (token: Token, nowMs: number): TokenState => {
  if (token.revokedMs !== null) return 'revoked'
  return token.expiresMs !== null && token.expiresMs <= nowMs ? 'expired' : 'active'
}
