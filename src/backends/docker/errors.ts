/** What failures on the way to an engine mean. */
import { classifyEngine } from '#backends/kit/engine-errors'
import { NoEngine } from '#backends/kit/engine'
import type { CallContext } from '#backends/kit/provisioner'
import { unknownFailure } from '#backends/kit/unknown-failure'
import { BackendUnusableError } from '#domain/errors'
import type { FailureClass, FailureScope, Verdict } from '#domain/launch'
import { SshFailure } from '#platform/ssh'

const property = (error: Error, name: string): unknown => Reflect.get(error, name)

const codeOf = (error: Error): string => {
  const code = property(error, 'code')
  return typeof code === 'string' ? code : ''
}

const untrusted: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Null where TLS is not what went wrong. Nothing was asked of the engine then. */
const ofTls = (error: Error): string | null => {
  const code = codeOf(error)
  if (untrusted.has(code)) return `its certificate is not to be trusted: ${error.message}`
  if (/^ERR_SSL_.*ALERT/.test(code)) return 'it does not take the certificate of DOCKER_CERT_PATH'
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'it speaks no TLS there'
  if (code.startsWith('ERR_OSSL_')) return 'a file in DOCKER_CERT_PATH is no certificate or key'
  return /client sent an http request to an https server/i.test(error.message)
    ? 'it speaks TLS: set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH'
    : null
}

const ofSsh: Readonly<Record<SshFailure['kind'], readonly [FailureClass, FailureScope]>> = {
  unreachable: ['transient', 'backend'],
  'host-key': ['forbidden', 'backend'],
  login: ['auth', 'backend'],
  'no-engine': ['transient', 'backend'],
}

const verdict = (
  failureClass: FailureClass,
  scope: FailureScope,
  code: string | null,
  message: string,
): Verdict => ({ class: failureClass, scope, code, message, retryAfterMs: null })

/** Null for what comes from elsewhere. */
const known = (error: unknown, context: CallContext): Verdict | null => {
  if (error instanceof SshFailure) {
    return verdict(...ofSsh[error.kind], error.kind, error.message)
  }
  const tls = error instanceof Error ? ofTls(error) : null
  if (tls !== null) return verdict('auth', 'backend', 'tls', tls)
  return classifyEngine(error, context)
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  if (error instanceof BackendUnusableError && error.cause !== undefined) {
    return { ...classify(error.cause, context), message: error.message }
  }
  return known(error, context) ?? unknownFailure(error)
}

const hintOf = (error: unknown, target: string): string => {
  if (error instanceof NoEngine) return 'start Docker or Podman, or set DOCKER_HOST'
  if (error instanceof SshFailure) {
    return error.kind === 'host-key'
      ? `compare its key, and connect once: ssh ${target}`
      : `this must work without a question: ssh ${target} docker version`
  }
  return 'DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say where the engine is'
}

/** As it may be shown. */
const shown = (address: string): { readonly at: string; readonly target: string } => {
  if (address === '') return { at: '', target: '' }
  const { protocol, host, pathname, username } = new URL(address)
  const target = `${username === '' ? '' : `${username}@`}${host}`
  return { at: ` at "${protocol}//${target}${pathname}"`, target }
}

/** For a person who has asked: what is wrong with the engine; null where it is none of its troubles. */
export const unusable = (error: unknown, address: string): BackendUnusableError | null => {
  const seen = known(error, { during: 'verify', spot: false })
  if (seen === null) return null
  const { at, target } = shown(address)
  return new BackendUnusableError(`the container engine${at} cannot be used: ${seen.message}`, {
    hint: hintOf(error, target),
    cause: error,
  })
}
