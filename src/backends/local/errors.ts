/** What can go wrong with processes on this machine, and what it means. */
import type { FailureClass, Verdict } from '#domain/launch'
import { LocalRefusal } from './local-refusal.ts'

/** Errors of the system, by code. */
const bySystemCode: Readonly<Record<string, FailureClass>> = {
  EACCES: 'invalid',
  EPERM: 'invalid',
  ENOENT: 'invalid',
  ENOTDIR: 'invalid',
  EROFS: 'invalid',
  E2BIG: 'invalid',
  // Too many processes, no memory, no space: this machine has no room.
  EAGAIN: 'no-capacity',
  ENOMEM: 'no-capacity',
  ENOSPC: 'no-capacity',
  EMFILE: 'transient',
  ENFILE: 'transient',
}

/** Null for what comes from elsewhere. */
export const classifyLocal = (error: unknown): Verdict | null => {
  if (error instanceof LocalRefusal) {
    const { message } = error
    return { class: 'invalid', scope: 'attempt', code: null, message, retryAfterMs: null }
  }
  // What a socket says is about the engine behind it.
  const isConnection = error instanceof Error && Reflect.get(error, 'syscall') === 'connect'
  if (isConnection) return null
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  const failureClass = code === null ? undefined : bySystemCode[code]
  if (failureClass === undefined) return null
  const scope = failureClass === 'no-capacity' ? 'offer' : 'attempt'
  return {
    class: failureClass,
    scope,
    code,
    message: `${code} on this machine`,
    retryAfterMs: null,
  }
}
