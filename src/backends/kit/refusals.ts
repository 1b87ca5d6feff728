/**
 * What every HTTP API has in common when a call fails. A backend's own table comes first; this says
 * the rest, so that what may have happened is never taken for what has not.
 */
import type { FailureClass, FailureScope, Verdict } from '#domain/launch'
import { NoAnswer } from '#platform/http-once'
import { type CloudAnswer, CloudRefusal } from './cloud-io.ts'
import type { CallContext } from './provisioner.ts'

/** What a table says of one kind of refusal. */
export type Ruling = readonly [FailureClass, FailureScope]

/** An answer that was no success, in the backend's own words. */
export interface Refused {
  readonly status: number
  readonly code: string | null
  readonly message: string
}

export interface RefusalRules {
  /** The backend's words in an answer: its code and message. */
  readonly read: (answer: CloudAnswer) => Omit<Refused, 'status'>
  /** The backend's table; null for what is not in it. */
  readonly ruling: (refused: Refused, context: CallContext) => Ruling | null
  /** Whether a create that is sent twice makes one machine. */
  readonly isIdempotent: boolean
}

const wholeSeconds = /^\d{1,6}$/

const retryAfterMs = ({ headers }: CloudAnswer): number | null => {
  const text = headers['retry-after']?.trim() ?? ''
  return wholeSeconds.test(text) ? Number(text) * 1000 : null
}

/** By the status alone, where the table says nothing. */
const byStatus = (status: number, during: CallContext['during'], isIdempotent: boolean): Ruling => {
  if (status === 401) return ['auth', 'backend']
  if (status === 402) return ['balance', 'backend']
  if (status === 429) return ['rate-limited', 'call']
  if (status === 404 && during !== 'create') return ['gone', 'instance']
  if (status === 408 || status >= 500) {
    return during === 'create' && !isIdempotent ? ['ambiguous', 'attempt'] : ['transient', 'call']
  }
  return ['unknown', 'attempt']
}

const silent = ({ wasSent, message }: NoAnswer, { during }: CallContext): Verdict => {
  const isUnclear = wasSent && during === 'create'
  return {
    class: isUnclear ? 'ambiguous' : 'transient',
    scope: isUnclear ? 'attempt' : 'call',
    code: null,
    message: `no answer (${message})`,
    retryAfterMs: null,
  }
}

/** A name of the backend's own errors: nothing that a user has given, so that it may be shown. */
const printable = (code: string | null): string | null =>
  code !== null && /^[\w./ -]{1,80}$/.test(code) ? code : null

/** Pure: the same failure gives the same verdict. */
export const classifyRefusal = (
  error: unknown,
  context: CallContext,
  { read, ruling, isIdempotent }: RefusalRules,
): Verdict => {
  if (error instanceof NoAnswer) return silent(error, context)
  if (!(error instanceof CloudRefusal)) {
    const message = error instanceof Error ? error.message : 'something else was thrown'
    return { class: 'unknown', scope: 'attempt', code: null, message, retryAfterMs: null }
  }
  const { answer } = error
  const refused = { status: answer.status, ...read(answer) }
  const [failureClass, scope] =
    ruling(refused, context) ?? byStatus(answer.status, context.during, isIdempotent)
  const code = printable(refused.code)
  return {
    class: failureClass,
    scope,
    code,
    message: `HTTP ${answer.status}${code === null ? '' : ` ${code}`}`,
    retryAfterMs: retryAfterMs(answer),
  }
}

/** The JSON of an answer; null where it is none. */
export const jsonOf = ({ text }: CloudAnswer): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/** A text below some keys of what JSON holds; null where there is none. */
export const textAt = (value: unknown, ...keys: readonly string[]): string | null => {
  let at = value
  for (const key of keys) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : null
  return typeof at === 'string' ? at : null
}

/** Whether a refusal says that what was asked about is not there. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof CloudRefusal && error.answer.status === 404
