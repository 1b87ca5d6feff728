/** The embedded catalog and the user's, each answering for its own backends. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { embeddedCatalogPath, userCatalogPath } from '#catalog/location'
import { replaceBackend } from '#catalog/replace'
import { openCatalog } from '#offers/catalog'
import { noRequirements } from '#domain/requirements'
import { explainOffer } from '#why/provenance'
import { explainWhy } from '#why/why'
import { anOffer } from '../builders.ts'

const built = existsSync(embeddedCatalogPath())
if (!built) console.log('skipped: no embedded catalog; npm run build makes it')

const observation = { source: 'an account', observedAt: '2099-01-01T00:00:00Z' }
const dearest = anOffer({ region: 'mars-1', priceNanoUsd: 9_000_000_000_000, observation })

test.skipIf(!built)('each backend is surveyed once, in the file that answers for it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'why-user-'))
  const environment = { XDG_DATA_HOME: directory }
  const path = userCatalogPath(environment)
  mkdirSync(dirname(path), { recursive: true })
  const database = openWritableCatalogFile(path)
  replaceBackend(database, { backend: 'aws', offers: [dearest], notes: ['seen with an account'] })
  database.close()
  const catalog = openCatalog({ environment })
  try {
    const asked = { ...noRequirements, regions: ['mars-1'], maxPriceNanoUsd: 1 }
    const why = explainWhy(catalog, asked)
    expect(why.total).toBe(catalog.count(noRequirements))
    const [region, price] = why.steps
    expect([region?.left, price?.left]).toEqual([1, 0])
    const [first] = why.relaxations
    expect(first?.changes.map(({ to }) => to)).toEqual([dearest.priceNanoUsd])
    expect(first?.cheapest).toEqual(dearest)
    const told = explainOffer(catalog, dearest, null)
    expect([told.notes, told.backendOffers]).toEqual([['seen with an account'], 1])
  } finally {
    catalog.close()
    rmSync(directory, { recursive: true })
  }
})
