/** Key pairs for SSH, in the formats of OpenSSH. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'

export interface SshKeyPair {
  /** `ssh-ed25519 AAAA… comment`. */
  readonly publicKey: string
  /** PEM, without a passphrase. */
  readonly privateKey: string
}

const keyType = 'ssh-ed25519'

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const prefixed = (value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** The private part is padded with 1, 2, 3 … to a multiple of 8 bytes. */
const padded = (bytes: Buffer): Buffer => {
  const missing = (8 - (bytes.length % 8)) % 8
  return Buffer.concat([bytes, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))])
}

/** Base64 in lines of 70 characters, as ssh-keygen writes it. */
const pem = (bytes: Buffer): string => {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? []
  const name = 'OPENSSH PRIVATE KEY'
  return `-----BEGIN ${name}-----\n${lines.join('\n')}\n-----END ${name}-----\n`
}

/** A new pair of Ed25519 keys. */
export const newSshKeyPair = (comment: string): SshKeyPair => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const open = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
  const blob = Buffer.concat([prefixed(keyType), prefixed(open)])
  const check = randomBytes(4)
  const secret = Buffer.concat([
    check,
    check,
    prefixed(keyType),
    prefixed(open),
    prefixed(Buffer.concat([seed, open])),
    prefixed(comment),
  ])
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    prefixed('none'),
    prefixed('none'),
    prefixed(''),
    uint32(1),
    prefixed(blob),
    prefixed(padded(secret)),
  ])
  return {
    publicKey: `${keyType} ${blob.toString('base64')} ${comment}`,
    privateKey: pem(body),
  }
}

/** Type and key of a line of OpenSSH, without its comment; null where it is none. */
export const bareKey = (line: string): string | null => {
  const [type, blob] = line.trim().split(/\s+/)
  return type && blob && /^[A-Za-z0-9+/]+=*$/.test(blob) ? `${type} ${blob}` : null
}
