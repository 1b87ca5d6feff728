/** A chain and its key, checked before anybody is answered with them. */
import { createSecureContext, type SecureContext } from 'node:tls'
import { CertificateError } from '#domain/errors'
import { printInstant } from '#platform/http-time'
import { readCertificates, readPrivateKey, type ReadCertificate } from '#platform/x509'

export interface PemPair {
  /** The server's certificate first, then those that lead to a root. */
  readonly cert: string
  readonly key: string
}

export interface UsableCertificate {
  readonly pem: PemPair
  readonly context: SecureContext
  readonly startsMs: number
  readonly endsMs: number
  isFor(host: string): boolean
}

/** What the two are called in messages: paths, mostly. */
export interface PemNames {
  readonly cert: string
  readonly key: string
}

const refuse = (message: string, hint?: string): CertificateError =>
  new CertificateError(message, { hint })

const leafOf = ({ cert, key }: PemPair, names: PemNames): ReadCertificate => {
  const chain = readCertificates(cert)
  const [leaf] = chain ?? []
  if (chain === null || leaf === undefined) {
    throw refuse(
      `"${names.cert}" holds no certificate that can be read`,
      'it is PEM text, the certificate of the server first',
    )
  }
  const privateKey = readPrivateKey(key)
  if (privateKey === null) {
    throw refuse(`"${names.key}" holds no private key that can be read`, 'it is PEM text')
  }
  if (privateKey === 'encrypted') {
    throw refuse(
      `the private key in "${names.key}" is under a passphrase`,
      `openssl pkey -in ${names.key} -out key.pem writes it without`,
    )
  }
  if (leaf.isOf(privateKey)) return leaf
  const isInDisorder = chain.some((one) => one.isOf(privateKey))
  throw refuse(
    `the private key in "${names.key}" does not fit the first certificate in "${names.cert}"`,
    isInDisorder ? 'put the certificate of the server first, then those that issued it' : undefined,
  )
}

const contextOf = (pem: PemPair, names: PemNames): SecureContext => {
  try {
    return createSecureContext({ ...pem, minVersion: 'TLSv1.2' })
  } catch (error) {
    throw new CertificateError(`"${names.cert}" and "${names.key}" cannot be used for TLS`, {
      cause: error,
    })
  }
}

/** Throws CertificateError: unreadable, not of each other, not valid yet or no more. */
export const usableCertificate = (
  pem: PemPair,
  names: PemNames,
  nowMs: number,
): UsableCertificate => {
  const leaf = leafOf(pem, names)
  const { startsMs, endsMs } = leaf
  if (endsMs <= nowMs) {
    throw refuse(`the certificate in "${names.cert}" has expired: ${printInstant(endsMs)}`)
  }
  if (startsMs > nowMs) {
    throw refuse(
      `the certificate in "${names.cert}" is not valid before ${printInstant(startsMs)}`,
      'is the clock of this machine right?',
    )
  }
  return {
    pem,
    context: contextOf(pem, names),
    startsMs,
    endsMs,
    isFor: (host) => leaf.isFor(host),
  }
}
