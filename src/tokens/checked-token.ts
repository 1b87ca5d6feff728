/** What a token may be asked to be. */
import { ArgumentError } from '#domain/errors'

export interface NewToken {
  /** Its id, where it is given none. */
  readonly name: string | null
  /** Null lets it use every run; runs need not be there yet. */
  readonly runs: readonly string[] | null
  readonly expiresMs: number | null
}

const tokenName = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/
/** As runs are named: another name would let the token use nothing, without saying so. */
const runName = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/
/** Beyond it a date is a slip of the hand. */
const longestMs = 100 * 366 * 24 * 60 * 60 * 1000

/** Throws ArgumentError. */
export const checkNewToken = ({ name, runs, expiresMs }: NewToken, nowMs: number): void => {
  if (name !== null && !tokenName.test(name)) {
    throw new ArgumentError(`${JSON.stringify(name)} is no name for a token`, {
      hint: 'use up to 63 letters, digits and . _ @ -, beginning with a letter or digit',
    })
  }
  for (const run of runs ?? []) {
    if (runName.test(run)) continue
    throw new ArgumentError(`${JSON.stringify(run)} is no name for a run`, {
      hint: 'dstack-offers ps shows the names of runs',
    })
  }
  if (expiresMs === null) return
  if (expiresMs <= nowMs) throw new ArgumentError('the token would have expired already')
  if (expiresMs - nowMs > longestMs) {
    throw new ArgumentError('the token would last longer than 100 years', {
      hint: 'leave its end out, and it lasts until it is revoked',
    })
  }
}
