/**
 * What the caller should do about an error. Decided once, by the class of the error; nothing else
 * looks at messages or status codes.
 */
export type Recovery =
  | 'fix-input'
  | 'try-next-offer'
  | 'skip-backend'
  | 'retry-later'
  | 'nothing-to-do'

/** Every code an error of ours can carry. The CLI maps each to an exit code, exhaustively. */
export type ErrorCode =
  | 'configuration-invalid'
  | 'configuration-unreadable'
  | 'configuration-name'
  | 'profile-unknown'
  | 'requirements-invalid'
  | 'argument-invalid'
  | 'variable-unset'
  | 'catalog-missing'
  | 'catalog-unreadable'
  | 'catalog-newer'
  | 'history-missing'
  | 'catalog-untrusted'
  | 'catalog-stale'
  | 'import-rejected'
  | 'upstream-unreachable'
  | 'upstream-refused'
  | 'upstream-invalid'
  | 'upstream-credentials'
  | 'refresh-locked'
  | 'state-unreadable'
  | 'run-unknown'
  | 'run-name-taken'
  | 'machine-unknown'
  | 'machine-foreign'
  | 'runs-locked'
  | 'backend-unusable'
  | 'package-missing'
  | 'token-unknown'
  | 'token-name-taken'
  | 'certificate-unusable'
  | 'gateway-refused'
  | 'model-refused'
  | 'model-prompt'

/**
 * The base of every expected error. Anything else that is thrown is a bug.
 * `message` says what happened, with the offending value in quotes; `hint` is the next command or edit.
 */
export abstract class KnownError extends Error {
  abstract readonly code: ErrorCode
  abstract readonly recovery: Recovery
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.hint = options.hint
  }
}

/** A place in a text the user wrote. `line` and `column` count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
  /** Length of the offending text in characters, at least 1; never past the end of its line. */
  readonly length: number
}

/** One thing wrong with a configuration or profile file. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** The next edit: the nearest valid spelling, or the 0.18 key to use instead. */
  readonly hint?: string | undefined
  readonly position?: Position | undefined
}

/** A file that does not hold what it should. Carries every problem found, in the order of the file. */
export class ConfigurationError extends KnownError {
  readonly code = 'configuration-invalid'
  readonly recovery = 'fix-input'
  readonly file: string
  readonly problems: readonly Problem[]
  /** The text the positions refer to, for the caret; secrets in it are starred out. */
  readonly text: string

  constructor(file: string, problems: readonly Problem[], text: string) {
    const first = problems[0]
    super(
      problems.length === 1 && first
        ? `${file}: ${first.message}`
        : `${file}: ${problems.length} problems`,
    )
    this.file = file
    this.problems = problems
    this.text = text
  }
}

/** A configuration or profile file that cannot be read: absent, a directory, not text, too large. */
export class UnreadableError extends KnownError {
  readonly code = 'configuration-unreadable'
  readonly recovery = 'fix-input'
}

/** A file name that breaks the rule that configurations end in `.dstack.yml` or `.dstack.yaml`. */
export class FileNameError extends KnownError {
  readonly code = 'configuration-name'
  readonly recovery = 'fix-input'
}

/** `--profile NAME` names no profile. */
export class ProfileError extends KnownError {
  readonly code = 'profile-unknown'
  readonly recovery = 'fix-input'
}

/** A command-line argument or a value passed to the library that does not parse. */
export class ArgumentError extends KnownError {
  readonly code = 'argument-invalid'
  readonly recovery = 'fix-input'
}

/** A required environment variable that is set nowhere. */
export class VariableError extends KnownError {
  readonly code = 'variable-unset'
  readonly recovery = 'fix-input'
}

/** No catalog file where one must be. */
export class CatalogMissingError extends KnownError {
  readonly code = 'catalog-missing'
  readonly recovery = 'fix-input'
}

/** A catalog file that is truncated, damaged, or no catalog at all. */
export class CatalogUnreadableError extends KnownError {
  readonly code = 'catalog-unreadable'
  readonly recovery = 'fix-input'
}

/** A catalog file written by a later version of this program. */
export class CatalogNewerError extends KnownError {
  readonly code = 'catalog-newer'
  readonly recovery = 'fix-input'
}

/** Prices are older than the answer may have. */
export class CatalogStaleError extends KnownError {
  readonly code = 'catalog-stale'
  readonly recovery = 'retry-later'
}

/** A published catalog that is not, or not in this order, what its publisher has signed. */
export class UntrustedCatalogError extends KnownError {
  readonly code = 'catalog-untrusted'
  readonly recovery = 'retry-later'
}

/** No price is recorded, or none as early as asked. */
export class HistoryMissingError extends KnownError {
  readonly code = 'history-missing'
  readonly recovery = 'fix-input'
}

/** Offers handed to the catalog that break its rules: a duplicate identity, a price below zero. */
export class ImportRejectedError extends KnownError {
  readonly code = 'import-rejected'
  readonly recovery = 'skip-backend'
}

/** A source of prices that does not answer: no connection, or none within the time allowed. */
export class UpstreamUnreachableError extends KnownError {
  readonly code = 'upstream-unreachable'
  readonly recovery = 'retry-later'
}

/** A source that answers, but not with what was asked for: a refusal, an error of its own, a limit. */
export class UpstreamRefusedError extends KnownError {
  readonly code = 'upstream-refused'
  readonly recovery = 'retry-later'
}

/** An answer that is cut off, too large, or of another shape than the one known. */
export class UpstreamInvalidError extends KnownError {
  readonly code = 'upstream-invalid'
  readonly recovery = 'skip-backend'
}

/** Credentials that are there and that the source rejects. */
export class UpstreamCredentialsError extends KnownError {
  readonly code = 'upstream-credentials'
  readonly recovery = 'skip-backend'
}

/** Another refresh of the same catalog is at work. */
export class RefreshLockedError extends KnownError {
  readonly code = 'refresh-locked'
  readonly recovery = 'retry-later'
}

/** The file of runs cannot be read or written, or is none. */
export class StateUnreadableError extends KnownError {
  readonly code = 'state-unreadable'
  readonly recovery = 'fix-input'
}

/** No run has that name. */
export class RunUnknownError extends KnownError {
  readonly code = 'run-unknown'
  readonly recovery = 'fix-input'
}

/** No machine in a pool has that name. */
export class MachineUnknownError extends KnownError {
  readonly code = 'machine-unknown'
  readonly recovery = 'fix-input'
}

/** A machine at a backend that carries no tag or name of ours: nobody else's is ever destroyed. */
export class MachineForeignError extends KnownError {
  readonly code = 'machine-foreign'
  readonly recovery = 'fix-input'
}

/** A run of that name is not over yet. */
export class RunNameTakenError extends KnownError {
  readonly code = 'run-name-taken'
  readonly recovery = 'fix-input'
}

/** Another process looks after the runs. */
export class RunsLockedError extends KnownError {
  readonly code = 'runs-locked'
  readonly recovery = 'retry-later'
}

/** What a backend needs on this machine is not there, or does not say what it must. */
export class BackendUnusableError extends KnownError {
  readonly code = 'backend-unusable'
  readonly recovery = 'skip-backend'
}

/** An optional package that a backend needs is not installed. */
export class PackageMissingError extends KnownError {
  readonly code = 'package-missing'
  readonly recovery = 'skip-backend'
}

/** No token in force has that id or name. */
export class TokenUnknownError extends KnownError {
  readonly code = 'token-unknown'
  readonly recovery = 'fix-input'
}

/** A token in force has that name, or had it as its id. */
export class TokenNameTakenError extends KnownError {
  readonly code = 'token-name-taken'
  readonly recovery = 'fix-input'
}

/** A certificate or its key that cannot be used: unreadable, expired, or not of each other. */
export class CertificateError extends KnownError {
  readonly code = 'certificate-unusable'
  readonly recovery = 'fix-input'
}
