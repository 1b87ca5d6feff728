/** What is signed: which text of each backend is the current one. */
import * as z from 'zod/mini'
import { UntrustedCatalogError } from '#domain/errors'
import { parseJson } from './parse-json.ts'
import { mostSnapshotBytes } from './published-files.ts'
import { count, instant } from './shapes.ts'

export interface PublishedBackend {
  readonly backend: string
  /** Of the text, in hex: its name, too. */
  readonly sha256: string
  readonly bytes: number
  readonly offers: number
  /** The digest that a catalog gives these offers. */
  readonly offersDigest: string
  /** When its newest price was seen; null where it has none. */
  readonly newest: string | null
}

/** A text that was current up to a sequence, and stays for readers who are amid a pull. */
export interface RetiredSnapshot {
  readonly sha256: string
  readonly sequence: number
}

export interface Manifest {
  /** Rises by one or more with every change, and never falls. */
  readonly sequence: number
  readonly createdAt: string
  /** In the order of their names. */
  readonly backends: readonly PublishedBackend[]
  readonly retired: readonly RetiredSnapshot[]
}

export const printManifest = ({ sequence, createdAt, backends, retired }: Manifest): string =>
  JSON.stringify({
    sequence,
    created_at: createdAt,
    backends: backends.map((one) => ({
      backend: one.backend,
      sha256: one.sha256,
      bytes: one.bytes,
      offers: one.offers,
      offers_digest: one.offersDigest,
      newest: one.newest,
    })),
    retired,
  })

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** Later versions may add keys; they are passed over. */
const shape = z.object({
  sequence: z.int().check(z.positive()),
  created_at: instant,
  backends: z.array(
    z.object({
      backend: z.string().check(z.regex(/^[a-z0-9][\w.-]{0,63}$/i)),
      sha256,
      bytes: count.check(z.maximum(mostSnapshotBytes)),
      offers: count,
      offers_digest: sha256,
      newest: z.nullable(instant),
    }),
  ),
  retired: z.array(z.object({ sha256, sequence: count })),
})

/** `name` is what messages call it. Throws UntrustedCatalogError for what is no manifest. */
export const parseManifest = (text: string, name: string): Manifest => {
  const { data } = shape.safeParse(parseJson(text))
  if (!data) throw new UntrustedCatalogError(`"${name}" is signed, but no manifest of a catalog`)
  const names = data.backends.map(({ backend }) => backend)
  if (new Set(names).size < names.length) {
    throw new UntrustedCatalogError(`"${name}" names a backend twice`)
  }
  return {
    sequence: data.sequence,
    createdAt: data.created_at,
    backends: data.backends.map(({ offers_digest: offersDigest, ...one }) => ({
      ...one,
      offersDigest,
    })),
    retired: data.retired,
  }
}
