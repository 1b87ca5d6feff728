import type { ErrorCode } from '#domain/errors'

/**
 * What the shell is told. 6 is kept for a refused price. An interrupt ends the process by its signal,
 * which a shell reports as 130.
 */
export const exitCodes = {
  done: 0,
  bug: 1,
  input: 2,
  noOffers: 3,
  catalog: 4,
  backend: 5,
  credentials: 7,
  differences: 8,
} as const

export const exitCodeOfError: Record<ErrorCode, number> = {
  'configuration-invalid': exitCodes.input,
  'configuration-unreadable': exitCodes.input,
  'configuration-name': exitCodes.input,
  'profile-unknown': exitCodes.input,
  'requirements-invalid': exitCodes.input,
  'argument-invalid': exitCodes.input,
  'variable-unset': exitCodes.input,
  'catalog-missing': exitCodes.catalog,
  'catalog-unreadable': exitCodes.catalog,
  'catalog-newer': exitCodes.catalog,
  'history-missing': exitCodes.catalog,
  'catalog-untrusted': exitCodes.catalog,
  'catalog-stale': exitCodes.catalog,
  'import-rejected': exitCodes.backend,
  'upstream-unreachable': exitCodes.backend,
  'upstream-refused': exitCodes.backend,
  'upstream-invalid': exitCodes.backend,
  'upstream-credentials': exitCodes.credentials,
  'refresh-locked': exitCodes.backend,
  'state-unreadable': exitCodes.input,
  'run-unknown': exitCodes.input,
  'run-name-taken': exitCodes.input,
  'machine-unknown': exitCodes.input,
  'machine-foreign': exitCodes.input,
  'runs-locked': exitCodes.backend,
  'backend-unusable': exitCodes.backend,
  'package-missing': exitCodes.credentials,
  'token-unknown': exitCodes.input,
  'token-name-taken': exitCodes.input,
  'certificate-unusable': exitCodes.input,
  'gateway-refused': exitCodes.backend,
  'model-refused': exitCodes.input,
  'model-prompt': exitCodes.input,
}
