/**
 * Signatures by ed25519. A private key is PEM text, a public one `ed25519:` and its 32 bytes in
 * base64url. Nothing here puts a private key into an error.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'

/** Holds a private key and shows the public one. */
export interface Signer {
  readonly publicKey: string
  /** In base64url. */
  sign(text: string): string
}

const prefix = 'ed25519:'

const printPublicKey = (key: KeyObject): string =>
  `${prefix}${createPublicKey(key).export({ format: 'jwk' }).x ?? ''}`

/** Null where the text is no private key of this kind. */
export const signerOf = (pem: string): Signer | null => {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'ed25519') return null
    return {
      publicKey: printPublicKey(key),
      sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
    }
  } catch {
    return null
  }
}

const publicKeyOf = (text: string): KeyObject | null => {
  const x = /^ed25519:([A-Za-z0-9_-]{43})$/.exec(text)?.[1]
  if (x === undefined) return null
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    return null
  }
}

export const isPublicKey = (text: string): boolean => publicKeyOf(text) !== null

/** False also where key or signature are none. */
export const isSignedBy = (publicKey: string, text: string, signature: string): boolean => {
  const key = publicKeyOf(publicKey)
  return key !== null && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
}

/** A new private key, as PEM. */
export const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
