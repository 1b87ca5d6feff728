/** A home and a folder of its own, and imports into it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Offer } from '#domain/offer'
import { importCatalog, type ImportOptions, type ImportReport } from '#imports/import-catalog'
import type { BoundsByBackend } from '#refresh/bounds'
import { heldOffers } from '#refresh/catalog-file'
import type { BackendReport } from '#refresh/report'
import { newTestClock } from '../contract/test-clock.ts'

export interface World {
  readonly home: string
  /** Where relative paths start. */
  readonly folder: string
  readonly environment: Record<string, string>
  write(path: string, content: string | Buffer): void
  run(argument: string, over?: Partial<ImportOptions>): Promise<ImportReport>
  held(backend: string): readonly Offer[]
  end(): void
}

/** Recorded documents are small parts of what the program comes with. */
const asParts: BoundsByBackend = {
  aws: { firstLost: 1 },
  azure: { firstLost: 1 },
  gcp: { firstLost: 1 },
}

/** After every document of these tests, and after the embedded catalog. */
export const newWorld = (): World => {
  const home = mkdtempSync(join(tmpdir(), 'dstack-offers-imports-'))
  const folder = join(home, 'work')
  mkdirSync(folder)
  const environment = { DSTACK_OFFERS_HOME: home }
  return {
    home,
    folder,
    environment,
    write: (path, content) => {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    },
    run: (argument, over = {}) =>
      importCatalog({
        argument,
        cwd: folder,
        environment,
        clock: newTestClock(),
        firstRetryMs: 1,
        bounds: asParts,
        ...over,
      }),
    held: (backend) => heldOffers(join(home, 'catalog.sqlite'), backend),
    end: () => rmSync(home, { recursive: true, force: true }),
  }
}

export const reportOf = ({ backends }: ImportReport, name: string): BackendReport => {
  const found = backends.find(({ backend }) => backend === name)
  if (!found) throw new Error(`no report of "${name}"`)
  return found
}

const columns =
  'instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags,cpu_arch,provider_data'

/** So many machines at so many dollars, in gpuhunt's form. */
export const gpuhuntCsv = (machines: number, usd = 1): string =>
  [
    columns,
    ...Array.from(
      { length: machines },
      (_, index) => `m-${index},us-1,${usd},4,16.0,0,,,False,,,,x86,{}`,
    ),
    '',
  ].join('\n')

export const skypilotCsv = (machines: number, usd = 1): string =>
  [
    'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice',
    ...Array.from({ length: machines }, (_, index) => `m-${index},,,4,16.0,${usd},us-1,,`),
    '',
  ].join('\n')
