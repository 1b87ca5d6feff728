/** Overlays for tests, and catalogs to lay them over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Offer } from '#domain/offer'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import { type Catalog, openCatalog } from '#offers/catalog'
import { joinOverlays } from '#overlay/load'
import type { Overlay, OverlayRule, PrivateOffer, Selector } from '#overlay/overlay'
import { anInstanceType } from '../builders.ts'

export const file = '.dstack/prices.yml'

export const nowMs = Date.parse('2026-07-20T12:00:00Z')
export const today = '2026-07-20'

export const aSelector = (over: Partial<Selector> = {}): Selector => ({
  backends: null,
  regions: null,
  instanceTypes: null,
  gpus: null,
  spot: null,
  ...over,
})

export const aRule = (over: Partial<OverlayRule> = {}): OverlayRule => ({
  name: 'a-rule',
  file,
  index: 0,
  selector: aSelector(),
  action: { kind: 'discount', microPercent: 10_000_000 },
  expires: null,
  weight: 0,
  ...over,
})

export const aPrivateOffer = (over: Partial<PrivateOffer> = {}): PrivateOffer => ({
  file,
  index: 0,
  backend: 'ssh',
  region: 'office',
  instanceType: anInstanceType({ name: 'rack-1', architecture: null }),
  spot: false,
  priceNanoUsd: 500_000_000,
  asOf: '2026-07-01',
  expires: null,
  ...over,
})

export const anOverlay = (over: Partial<Overlay> = {}): Overlay => ({
  files: [{ file, text: '' }],
  rules: [],
  offers: [],
  ...over,
})

export const overlayOf = (text: string, name = file): Overlay =>
  joinOverlays([{ file: name, text }])

/** A folder of the test's own. */
export const inFolder = <T>(run: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'overlay-'))
  try {
    return run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const writeCatalog = (
  path: string,
  offers: readonly Offer[],
  notes: readonly string[] = [],
): void => {
  const database = openWritableCatalogFile(path)
  const backends = [...new Set(offers.map(({ backend }) => backend))]
  replaceBackends(
    database,
    backends.map((backend) => ({
      backend,
      offers: offers.filter((offer) => offer.backend === backend),
      notes,
    })),
  )
  database.close()
}

/** A catalog of these offers, in a file that is gone afterwards. */
export const withCatalog = <T>(
  offers: readonly Offer[],
  run: (catalog: Catalog, folder: string) => T,
): T =>
  inFolder((folder) => {
    const path = join(folder, 'base.sqlite')
    writeCatalog(path, offers)
    const catalog = openCatalog({ path })
    try {
      return run(catalog, folder)
    } finally {
      catalog.close()
    }
  })
