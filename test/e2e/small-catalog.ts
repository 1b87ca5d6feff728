/** A catalog of a few offers in a file, as an import makes one. Ages are counted from noon. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalog, type Catalog } from '#api/catalog'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import type { OpenCatalog } from '#cli/open-catalog'
import type { Gpu } from '#domain/gpu'
import type { InstanceType, Offer } from '#domain/offer'
import { anA100, anOffer } from '../cli/builders.ts'

const anL4: Gpu = { ...anA100, name: 'L4', memoryMib: 24 * 1024, computeCapability: [8, 9] }
const aProGpu: Gpu = { ...anA100, name: 'RTXPRO6000', memoryMib: 96 * 1024 }

const machine = (name: string, cpus: number, memoryGb: number, gpu?: Gpu, gpuCount = 1) =>
  ({
    name,
    cpus,
    memoryMib: memoryGb * 1024,
    ...(gpu === undefined ? {} : { gpu, gpuCount }),
  }) satisfies Partial<InstanceType>

const priced = (usd: number): number => Math.round(usd * 10_000) * 100_000

const offersOf = (
  common: Parameters<typeof anOffer>[0],
  rows: readonly (readonly [
    machine: Partial<InstanceType>,
    region: string | null,
    usd: number | null,
    spot?: boolean,
  ])[],
): readonly Offer[] =>
  rows.map(([instanceType, region, usd, spot = false]) =>
    anOffer({
      ...common,
      instanceType,
      region,
      spot,
      priceNanoUsd: usd === null ? null : priced(usd),
    }),
  )

const g6 = machine('g6.xlarge', 4, 16, anL4)
const p4de = machine('p4de.24xlarge', 96, 1152, anA100, 8)
const nc24 = machine('Standard_NC24ads_A100_v4', 24, 220, anA100)
const xl = machine('Standard_NC48lds_xl_RTXPRO6000BSE_v6', 48, 144, aProGpu)

const backends = [
  {
    backend: 'aws',
    offers: offersOf({ backend: 'aws', observedAt: '2026-01-15T09:30:00Z' }, [
      [machine('t3.large', 2, 8), 'us-east-1', 0.0832],
      [machine('m5.xlarge', 4, 16), 'us-east-1', 0.192],
      [machine('m5.xlarge', 4, 16), 'eu-west-1', 0.214],
      [g6, 'us-east-1', 0.8048],
      [g6, 'eu-central-1', 1.006],
      [machine('g6.12xlarge', 48, 192, anL4, 4), 'us-east-1', 4.6016],
      [p4de, 'us-east-1', 40.9657],
    ]),
    notes: ['Spot prices are not in these offers.'],
  },
  {
    backend: 'azure',
    offers: offersOf({ backend: 'azure', observedAt: '2025-09-09T00:00:00Z' }, [
      [nc24, 'eastus', 3.673],
      [nc24, 'southafricanorth', 4.77],
      [nc24, 'eastus', 1.469, true],
      [xl, 'germanywestcentral', 5.1234],
    ]),
    notes: [],
  },
  {
    backend: 'gcp',
    offers: offersOf({ backend: 'gcp', observedAt: '2026-01-03T00:00:00Z' }, [
      [machine('g2-standard-4', 4, 16, anL4), 'us-central1', 0.7068],
      [machine('g2-standard-4', 4, 16, anL4), 'us-central1', 0.2827, true],
      [machine('a2-ultragpu-1g', 12, 170, anA100), 'us-central1', null],
    ]),
    notes: [],
  },
  {
    backend: 'runpod',
    offers: offersOf({ backend: 'runpod', observedAt: '2026-01-15T11:19:00Z', stock: 'low' }, [
      [machine('NVIDIA A100 80GB PCIe', 8, 117, anA100), null, 1.19],
      [machine('NVIDIA A100 80GB PCIe', 8, 117, anA100), null, 0.82, true],
      [machine('NVIDIA L4', 12, 50, anL4), null, 0.43],
    ]),
    notes: [],
  },
]

/** The catalog under a name that is the same wherever the tests run. */
const renamed = (catalog: Catalog): Catalog => ({
  ...catalog,
  listing: () => ({ ...catalog.listing(), files: ['small.sqlite'] }),
})

/** Writes the catalog into a file of its own. */
export const smallCatalogFile = (): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'dstack-offers-')), 'catalog.sqlite')
  const database = openWritableCatalogFile(path)
  for (const backend of backends) replaceBackend(database, backend)
  database.close()
  return path
}

/** Opens the catalog where no path is asked for. */
export const smallCatalog =
  (path = smallCatalogFile()): OpenCatalog =>
  (asked) =>
    Promise.resolve().then(() => renamed(openCatalog({ path: asked ?? path, environment: {} })))
