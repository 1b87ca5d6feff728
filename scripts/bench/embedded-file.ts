import { statSync } from 'node:fs'
import { openCatalog } from '#offers/catalog'
import type { CatalogFile } from './catalog-file.ts'
import { columnsReader } from './columns.ts'
import { openRequirements } from './requirement-sets.ts'

/** The catalog that comes with the program. Its columns are read from it: all offers, in no order. */
export const embeddedFile = (path: string): CatalogFile => {
  const catalog = openCatalog({ path, environment: {} })
  const offers = catalog.first(openRequirements, 0)
  const reader = columnsReader()
  for (const backend of catalog.backends()) {
    reader.read({ backend, offers: offers.filter((offer) => offer.backend === backend) })
  }
  catalog.close()
  return {
    label: 'embedded',
    path,
    offers: offers.length,
    bytesPerOffer: statSync(path).size / offers.length,
    importedPerSecond: null,
    columns: reader.columns(),
  }
}
