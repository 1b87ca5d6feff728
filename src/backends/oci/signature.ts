/** Oracle's request signatures, version 1: HTTP signatures by RSA and SHA-256. */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'

export interface OciKey {
  /** `{tenancy}/{user}/{fingerprint}`. */
  readonly id: string
  readonly privateKey: KeyObject
}

/** A call with its final address and body. */
export interface SignableCall {
  readonly method: string
  readonly url: URL
  readonly body: string
}

type Texts = Readonly<Record<string, string>>

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Of the Gregorian calendar, Sunday is 0: January and February belong to the year before. */
const weekdayOf = (year: number, month: number, day: number): number => {
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] ?? 0
  const counted = month < 3 ? year - 1 : year
  const leaps = Math.floor(counted / 4) - Math.floor(counted / 100) + Math.floor(counted / 400)
  return (counted + leaps + shift + day) % 7
}

/** `2026-11-24T12:00:00Z` as `Tue, 24 Nov 2026 12:00:00 GMT`. */
export const httpDate = (instant: string): string => {
  const [date = '', time = ''] = instant.replace('Z', '').split('T')
  const [year = '', month = '', day = ''] = date.split('-')
  const weekday = days[weekdayOf(Number(year), Number(month), Number(day))] ?? ''
  return `${weekday}, ${day} ${months[Number(month) - 1] ?? ''} ${year} ${time} GMT`
}

/** Null where the PEM text is no private key of RSA, or the passphrase is another. */
export const privateKeyOf = (pem: string, passphrase: string | null): KeyObject | null => {
  try {
    const key = createPrivateKey(passphrase === null ? pem : { key: pem, passphrase })
    return key.asymmetricKeyType === 'rsa' ? key : null
  } catch {
    return null
  }
}

const bodyHeaders = (body: string): Texts => ({
  'content-length': String(Buffer.byteLength(body)),
  'content-type': 'application/json',
  'x-content-sha256': createHash('sha256').update(body).digest('base64'),
})

/** The headers that make a call one of the key's owner; a call that has a body is one of JSON. */
export const signatureHeaders = (
  { method, url, body }: SignableCall,
  { id, privateKey }: OciKey,
  date: string,
): Texts => {
  const told = body === '' ? {} : bodyHeaders(body)
  const signed = Object.entries({
    date,
    '(request-target)': `${method.toLowerCase()} ${url.pathname}${url.search}`,
    host: url.host,
    ...told,
  })
  const text = signed.map(([name, value]) => `${name}: ${value}`).join('\n')
  const names = signed.map(([name]) => name).join(' ')
  const signature = sign('sha256', Buffer.from(text), privateKey).toString('base64')
  return {
    date,
    ...told,
    authorization: `Signature version="1",headers="${names}",keyId="${id}",algorithm="rsa-sha256",signature="${signature}"`,
  }
}
