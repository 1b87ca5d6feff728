/** Signatures by RSA and SHA-256. Nothing here puts a private key into an error. */
import { createPrivateKey, sign } from 'node:crypto'

/** The signature of a text in base64url; null where the PEM text is no private key of RSA. */
const signRs256 = (pem: string, text: string): string | null => {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa'
      ? sign('sha256', Buffer.from(text), key).toString('base64url')
      : null
  } catch {
    return null
  }
}

/** A JSON Web Token; null where the PEM text is no private key of RSA. */
export const signedToken = (
  pem: string,
  claims: Readonly<Record<string, string | number>>,
): string | null => {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  const signature = signRs256(pem, text)
  return signature === null ? null : `${text}.${signature}`
}
