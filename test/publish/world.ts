/** A publisher with a catalog and a key, a server of what it publishes, and somebody who pulls. */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { openWritableCatalogFile } from '#catalog/database'
import { type BackendOffers, replaceBackends } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import { type Catalog, openCatalog } from '#offers/catalog'
import { newPrivateKey, type Signer, signerOf } from '#platform/signing'
import { exportCatalog, type ExportOptions } from '#publish/export'
import { pullCatalog, type PullOptions } from '#publish/pull'
import type { ExportReport, PullReport } from '#publish/report'
import { sourceAddress } from '#publish/source'
import { anInstanceType, anOffer } from '../builders.ts'
import { type Asked, type Reply, startServer } from '../contract/scripted-server.ts'
import { newTestClock } from '../contract/test-clock.ts'

export const noonMs = Date.parse('2026-11-24T12:00:00Z')

export const newSigner = (): Signer => {
  const signer = signerOf(newPrivateKey())
  if (!signer) throw new Error('a new key is none')
  return signer
}

/** One offer in each region at a price, seen on a day of November 2026. */
export const priced = (
  backend: string,
  usd: number,
  { day = 20, regions = 3 }: { readonly day?: number; readonly regions?: number } = {},
): readonly Offer[] =>
  Array.from({ length: regions }, (_, index) =>
    anOffer({
      backend,
      region: `r${index}`,
      instanceType: anInstanceType({ name: 'big' }),
      priceNanoUsd: usd * 1_000_000_000,
      observation: { source: `list of ${backend}`, observedAt: `2026-11-${day}T00:00:00Z` },
    }),
  )

export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()

/** Every file of a folder by name. */
export const contentOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    filesUnder(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )

export interface World {
  readonly root: string
  /** What is published. */
  readonly folder: string
  /** The home of whoever pulls. */
  readonly home: string
  readonly signer: Signer
  readonly server: { readonly url: string; readonly asked: readonly Asked[] }
  /** What the server answers instead of the file; undefined for the file. */
  instead: (path: string, file: Buffer | null) => Reply | undefined
  /** Puts offers into the publisher's catalog. */
  offer(...backends: readonly (readonly Offer[])[]): void
  replace(backends: readonly BackendOffers[]): void
  export(over?: Partial<ExportOptions>): ExportReport
  pull(over?: Partial<PullOptions>): Promise<PullReport>
  /** The publisher's catalog, and the puller's; null where there is none. */
  read<T>(whose: 'publisher' | 'puller', read: (catalog: Catalog) => T): T
  digest(whose: 'publisher' | 'puller'): string
  /** A copy of what is published now. */
  copy(): string
  end(): Promise<void>
}

const readOrNull = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

const fileReply = (file: Buffer | null, asked: Asked): Reply => {
  if (file === null) return { status: 404, body: 'not here' }
  const etag = `"${createHash('sha256').update(file).digest('hex')}"`
  if (asked.headers['if-none-match'] === etag) return { status: 304, headers: { etag } }
  return { headers: { etag }, body: file }
}

export const newWorld = async (): Promise<World> => {
  const root = mkdtempSync(join(tmpdir(), 'dstack-offers-publish-'))
  const folder = join(root, 'published')
  const home = join(root, 'puller')
  mkdirSync(join(root, 'publisher'))
  const paths = {
    publisher: join(root, 'publisher', 'catalog.sqlite'),
    puller: join(home, 'catalog.sqlite'),
  }
  const signer = newSigner()
  const started = await startServer((asked) => {
    const file = readOrNull(join(folder, asked.path))
    return world.instead(asked.path, file) ?? fileReply(file, asked)
  })
  const read = <T>(whose: 'publisher' | 'puller', use: (catalog: Catalog) => T): T => {
    const catalog = openCatalog({ path: paths[whose] })
    try {
      return use(catalog)
    } finally {
      catalog.close()
    }
  }
  const replace = (backends: readonly BackendOffers[]): void => {
    const database = openWritableCatalogFile(paths.publisher)
    replaceBackends(database, backends)
    database.close()
  }
  let copies = 0
  const world: World = {
    root,
    folder,
    home,
    signer,
    server: started,
    instead: () => undefined,
    offer: (...backends) =>
      replace(
        backends.map((offers) => ({
          backend: offers[0]?.backend ?? '',
          offers,
          notes: ['as a test has it'],
          importer: 'a test',
        })),
      ),
    replace,
    export: (over = {}) =>
      read('publisher', (catalog) =>
        exportCatalog({ folder, catalog, backends: null, signer, nowMs: noonMs, ...over }),
      ),
    pull: (over = {}) =>
      pullCatalog({
        source: sourceAddress(started.url, '/'),
        key: signer.publicKey,
        environment: { DSTACK_OFFERS_HOME: home },
        clock: newTestClock(noonMs),
        embedded: join(root, 'no-embedded.sqlite'),
        ...over,
      }),
    read,
    digest: (whose) => read(whose, (catalog) => catalog.summary().digest),
    copy: () => {
      const to = join(root, `copy-${copies++}`)
      cpSync(folder, to, { recursive: true })
      return to
    },
    end: async () => {
      await started.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
  return world
}

/** The code of the error that a pull ends with; what else it throws is a bug and goes on. */
export const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
    return 'no error'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code
    throw error
  }
}
