/** What certificates and private keys in PEM say about themselves. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'

export interface ReadCertificate {
  /** As certificates write it: `DNS:example.com, DNS:*.example.com`; empty where there is none. */
  readonly names: string
  readonly startsMs: number
  readonly endsMs: number
  /** Whether it is for this host; wildcards are understood. */
  isFor(host: string): boolean
  isOf(key: KeyObject): boolean
}

const readOne = (pem: string): ReadCertificate => {
  const certificate = new X509Certificate(pem)
  return {
    names: certificate.subjectAltName ?? '',
    startsMs: Date.parse(certificate.validFrom),
    endsMs: Date.parse(certificate.validTo),
    isFor: (host) => certificate.checkHost(host) !== undefined,
    isOf: (key) => certificate.checkPrivateKey(key),
  }
}

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** The certificates of a PEM text in their order; null where one cannot be read. */
export const readCertificates = (pem: string): readonly ReadCertificate[] | null => {
  try {
    return (pem.match(block) ?? []).map(readOne)
  } catch {
    return null
  }
}

/** Null where the text is no private key; `encrypted` where it is one under a passphrase. */
export const readPrivateKey = (pem: string): KeyObject | 'encrypted' | null => {
  if (/ENCRYPTED/.test(pem)) return 'encrypted'
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
