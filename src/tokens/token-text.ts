/** Tokens as text: how one is made, and how one is read from a header. */
import { hash, randomBytes } from 'node:crypto'

const prefix = 'dso_'

/** Another each time: 256 bits of the system's randomness. */
export const newTokenText = (): string => `${prefix}${randomBytes(32).toString('base64url')}`

const idSigns = '0123456789abcdefghjkmnpqrstvwxyz'

/** Names a token where its text may not be shown: 8 signs that are hard to mistake. */
export const newTokenId = (): string =>
  Array.from(randomBytes(8), (byte) => idSigns[byte % idSigns.length] ?? '0').join('')

/** The token of an `Authorization` header, or null where it holds anything else. */
export const bearerText = (authorization: string | undefined): string | null =>
  /^bearer +(dso_[A-Za-z0-9_-]{43})$/i.exec(authorization ?? '')?.[1] ?? null

/** sha256: enough for text of 256 random bits, which nobody can guess a word list for. */
export const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer')
