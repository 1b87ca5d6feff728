/** AWS Signature Version 4, in headers. For services that encode the path twice: all but S3. */
import { createHash, createHmac } from 'node:crypto'

export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Null for keys that last. */
  readonly sessionToken: string | null
}

/** A call with its final address and body. */
export interface SignableCall {
  readonly method: string
  readonly url: URL
  readonly body: string
  /** RFC 3339, UTC, whole seconds. */
  readonly instant: string
}

interface SigningScope {
  readonly region: string
  readonly service: string
}

type Texts = Readonly<Record<string, string>>

/** What a call with a form carries besides. */
export const formType = { 'content-type': 'application/x-www-form-urlencoded' }

const algorithm = 'AWS4-HMAC-SHA256'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

/** RFC 3986: what `encodeURIComponent` leaves is encoded too. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const canonicalPath = ({ pathname }: URL): string => pathname.split('/').map(encode).join('/')

const canonicalQuery = ({ searchParams }: URL): string =>
  [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')

/** `2015-08-30T12:36:00Z` as `20150830T123600Z`. */
const stampOf = (instant: string): string => instant.replace(/[-:]/g, '')

/**
 * The headers that make a call one of the keys' owner, for `sign` of a call. `headers` are further
 * ones that are sent and to be signed, by name in lower case.
 */
export const signatureHeaders = (
  { method, url, body, instant }: SignableCall,
  keys: AwsKeys,
  { region, service }: SigningScope,
  headers: Texts = {},
): Texts => {
  const stamp = stampOf(instant)
  const own = {
    'x-amz-date': stamp,
    ...(keys.sessionToken === null ? {} : { 'x-amz-security-token': keys.sessionToken }),
  }
  const signed = Object.entries({ ...headers, ...own, host: url.host }).sort(([left], [right]) =>
    left < right ? -1 : 1,
  )
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value.trim()}\n`).join('')
  const request = [method, canonicalPath(url), canonicalQuery(url), lines, names, digest(body)]
  const scope = [stamp.slice(0, 8), region, service, 'aws4_request']
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`)
  const text = [algorithm, stamp, scope.join('/'), digest(request.join('\n'))].join('\n')
  const credential = `Credential=${keys.accessKeyId}/${scope.join('/')}`
  const signature = `Signature=${hmac(key, text).toString('hex')}`
  return {
    ...own,
    authorization: `${algorithm} ${credential}, SignedHeaders=${names}, ${signature}`,
  }
}
