/** The account at an ACME directory, and the client that speaks for it. */
import { Agent } from 'node:https'
import type { Client } from 'acme-client'
import { UpstreamUnreachableError } from '#domain/errors'
import type { CertificateShelf } from './certificate-shelf.ts'

export interface AcmeDirectory {
  readonly directoryUrl: string
  /** Who certifies the directory itself, in PEM; null for those the system trusts. */
  readonly directoryCa: string | null
  readonly email: string | null
}

const requestTimeoutMs = 30_000

/** Polls for about a minute. */
const polling = { backoffAttempts: 15, backoffMin: 500, backoffMax: 5000 }

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message

/**
 * An answer is one whatever its status: the client reads it. When to try again is decided in one
 * place, and not here: the client's own retries go, which also hide what a connection failed of.
 */
const answerOf = (error: unknown, directoryUrl: string): unknown => {
  if (!(error instanceof Error)) throw new TypeError(String(error))
  if ('response' in error && error.response !== undefined) return error.response
  throw new UpstreamUnreachableError(
    `the ACME directory "${directoryUrl}" does not answer: ${codeOf(error)}`,
    { cause: error },
  )
}

const loadAcme = async ({ directoryUrl, directoryCa }: AcmeDirectory) => {
  const acme = await import('acme-client')
  const { defaults, interceptors } = acme.axios
  defaults.timeout = requestTimeoutMs
  if (directoryCa !== null) defaults.httpsAgent = new Agent({ ca: directoryCa })
  interceptors.response.clear()
  interceptors.response.use(null, (error: unknown) => answerOf(error, directoryUrl))
  return acme
}

export interface AcmeAccount {
  /** Registers where there is no account yet. */
  client(): Promise<Client>
  /** It is asked for anew with the next order: the directory may know it no more. */
  forget(): void
}

export const newAcmeAccount = (directory: AcmeDirectory, shelf: CertificateShelf): AcmeAccount => {
  const { directoryUrl, email } = directory

  const register = async (): Promise<Client> => {
    const { Client, crypto } = await loadAcme(directory)
    const accountKey = shelf.accountKey() ?? (await crypto.createPrivateEcdsaKey()).toString()
    const client = new Client({ directoryUrl, accountKey, ...polling })
    shelf.keepAccountKey(accountKey)
    try {
      // The client would change an account that is there, and some directories refuse a change of
      // nothing.
      await client.createAccount({ onlyReturnExisting: true })
    } catch (error) {
      if (error instanceof UpstreamUnreachableError) throw error
      const contact = email === null ? {} : { contact: [`mailto:${email}`] }
      await client.createAccount({ termsOfServiceAgreed: true, ...contact })
    }
    return client
  }
  // Orders of several names begin at once, and are of one account.
  let registered: Promise<Client> | null = null
  const forget = (): void => {
    registered = null
  }
  return {
    client: () => {
      registered ??= register().catch((error: unknown) => {
        forget()
        throw error
      })
      return registered
    },
    forget,
  }
}
