/**
 * A manifest under its signature, in one file so that the two are never of different days. The
 * manifest is carried as text and signed as that text: nothing of it is parsed before it is believed,
 * and there is no second way to write it.
 */
import { CatalogNewerError, UntrustedCatalogError } from '#domain/errors'
import { isSignedBy, type Signer } from '#platform/signing'
import { parseJson } from './parse-json.ts'

interface Envelope {
  /** Of the manifest and of the texts it names. */
  readonly format: number
  /** Whose signature it claims to be, for messages only. */
  readonly key: string
  readonly signature: string
  readonly manifest: string
}

const latestFormat = 1

/** What is signed says what it is, so that no signature made for another purpose passes for one. */
const signedText = (manifest: string): string =>
  `dstack-offers catalog manifest ${latestFormat}\n${manifest}`

/** Ends with a newline. The same manifest and key give the same text. */
export const seal = (manifest: string, signer: Signer): string => {
  const envelope: Envelope = {
    format: latestFormat,
    key: signer.publicKey,
    signature: signer.sign(signedText(manifest)),
    manifest,
  }
  return `${JSON.stringify(envelope, null, 2)}\n`
}

const formatOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'format' in value ? value.format : null

const isEnvelope = (value: unknown): value is Envelope =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  typeof value.key === 'string' &&
  'signature' in value &&
  typeof value.signature === 'string' &&
  'manifest' in value &&
  typeof value.manifest === 'string'

/**
 * The text that the holder of the key has signed. Throws CatalogNewerError for a later format and
 * UntrustedCatalogError for what is cut off, changed, or signed by another. `name` is for messages.
 */
export const unseal = (text: string, publicKey: string, name: string): string => {
  const value = parseJson(text)
  const format = formatOf(value)
  if (typeof format === 'number' && format > latestFormat) {
    throw new CatalogNewerError(
      `"${name}" has format ${format}; ${latestFormat} is the latest known`,
      { hint: 'upgrade dstack-offers' },
    )
  }
  if (format !== latestFormat || !isEnvelope(value)) {
    throw new UntrustedCatalogError(`"${name}" is no signed manifest of a catalog`)
  }
  if (isSignedBy(publicKey, signedText(value.manifest), value.signature)) return value.manifest
  if (value.key === publicKey) {
    throw new UntrustedCatalogError(`"${name}" is not as it was signed`)
  }
  throw new UntrustedCatalogError(`"${name}" is not signed by "${publicKey}"`, {
    hint: 'ask the publisher, not the server, whether the key has changed',
  })
}
