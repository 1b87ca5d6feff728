/** Whose token a request carries: asked for each one, so answered from memory. */
import { timingSafeEqual } from 'node:crypto'
import type { Bearer, IdentifyBearer } from '#domain/serving'
import type { KeptToken } from './token-rows.ts'
import { bearerText, digestOf } from './token-text.ts'
import { stateOf, type Token } from './token.ts'
import type { Tokens } from './tokens.ts'

/** Longer than this no revocation by another process goes unnoticed. */
const checkMs = 250
const dayMs = 24 * 60 * 60 * 1000
const recordAgainMs = 60_000

interface Known extends KeptToken {
  readonly bearer: Bearer
  usedMs: number | null
  /** No use is recorded before: on a full disk requests do not try it each time. */
  retryMs: number
}

const bearerOf = ({ id, runs }: Token): Bearer => {
  const named = runs === null ? null : new Set(runs)
  return { tokenId: id, mayUse: (run) => named === null || named.has(run) }
}

/** By digest: what a caller learns from the time of this look-up is of a hash it cannot choose. */
const knownOf = (tokens: Tokens): ReadonlyMap<string, Known> =>
  new Map(
    tokens
      .kept()
      .filter(({ token }) => token.revokedMs === null)
      .map(({ token, digest }) => [
        digest.toString('base64'),
        { token, digest, bearer: bearerOf(token), usedMs: token.usedMs, retryMs: 0 },
      ]),
  )

/** The tokens in force, read again where the file has changed. */
const followTokens = (tokens: Tokens, onTrouble: (error: unknown) => void) => {
  let known: ReadonlyMap<string, Known> = new Map()
  let version: string | null = null
  let checkedMs: number | null = null
  let told: string | null = null
  const read = (): void => {
    try {
      const now = tokens.version()
      if (now !== version) known = knownOf(tokens)
      version = now
      told = null
    } catch (error) {
      known = new Map()
      version = null
      const why = String(error)
      if (why !== told) onTrouble(error)
      told = why
    }
  }
  return (): ReadonlyMap<string, Known> => {
    const nowMs = tokens.nowMs()
    // A clock that was set back is no reason to look less often.
    if (checkedMs === null || nowMs - checkedMs >= checkMs || nowMs < checkedMs) {
      checkedMs = nowMs
      read()
    }
    return known
  }
}

/** While tokens cannot be read nobody is let in; `onTrouble` hears why, once until they can be again. */
export const newIdentify = (
  tokens: Tokens,
  onTrouble: (error: unknown) => void = () => undefined,
): IdentifyBearer => {
  const current = followTokens(tokens, onTrouble)
  const markUsed = (one: Known, nowMs: number): void => {
    const today = nowMs - (nowMs % dayMs)
    if (one.usedMs === today || nowMs < one.retryMs) return
    if (tokens.recordUse(one.token.id, today)) one.usedMs = today
    else one.retryMs = nowMs + recordAgainMs
  }
  return (authorization) => {
    const text = bearerText(authorization)
    if (text === null) return null
    const digest = digestOf(text)
    const one = current().get(digest.toString('base64'))
    if (one === undefined || !timingSafeEqual(one.digest, digest)) return null
    const nowMs = tokens.nowMs()
    if (stateOf(one.token, nowMs) !== 'active') return null
    markUsed(one, nowMs)
    return one.bearer
  }
}
