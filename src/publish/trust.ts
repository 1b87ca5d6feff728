/** Whom a pull believes, and in what order of times. Pure. */
import { ArgumentError, UntrustedCatalogError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import { isPublicKey } from '#platform/signing'
import type { Manifest } from './manifest.ts'
import { type Remembered, rememberedFile } from './remembered.ts'

interface KeyQuestion {
  /** As it was given; null where it was not. */
  readonly key: string | null
  readonly source: string
  readonly home: string
}

/** Clocks differ, but not by more. A price from later on would never be replaced. */
const mostAheadMs = 24 * 60 * 60 * 1000

/** The key to verify with: the one given, or of an earlier pull. Throws ArgumentError. */
export const chosenKey = (
  { key, source, home }: KeyQuestion,
  remembered: Remembered | null,
): string => {
  if (key !== null && !isPublicKey(key)) {
    // Not shown: it may be the private one, given by mistake.
    throw new ArgumentError('the key to verify with is no public key', {
      hint: 'it starts with ed25519: and is printed by dstack-offers catalog export',
    })
  }
  if (remembered === null) {
    if (key !== null) return key
    throw new ArgumentError(`nothing has been pulled from "${source}" yet: whose key is it?`, {
      hint: 'ask the publisher for the public key, and add --key ed25519:…; later pulls remember it',
    })
  }
  if (key === null || key === remembered.key) return remembered.key
  throw new ArgumentError(`"${source}" is known by another key, "${remembered.key}"`, {
    hint: `where the publisher has a new one, remove "${rememberedFile(home, source)}"`,
  })
}

/** A server may not show what was there before the last pull. Throws UntrustedCatalogError. */
export const refuseRollback = (
  { sequence }: Manifest,
  { digest, name }: { readonly digest: string; readonly name: string },
  remembered: Remembered | null,
): void => {
  if (remembered === null || sequence > remembered.sequence) return
  if (sequence < remembered.sequence) {
    throw new UntrustedCatalogError(
      `"${name}" goes back to sequence ${sequence}; ${remembered.sequence} was there before`,
      { hint: 'the server may lag behind: try again later' },
    )
  }
  if (digest !== remembered.manifest) {
    throw new UntrustedCatalogError(`"${name}" is another one than before of sequence ${sequence}`)
  }
}

/** Throws UntrustedCatalogError. */
export const refuseFuture = ({ backends }: Manifest, name: string, nowMs: number): void => {
  for (const { backend, newest } of backends) {
    if (newest === null || (parseInstant(newest) ?? Infinity) <= nowMs + mostAheadMs) continue
    throw new UntrustedCatalogError(
      `"${name}" has prices of "${backend}" of ${newest}, a day to come`,
    )
  }
}
