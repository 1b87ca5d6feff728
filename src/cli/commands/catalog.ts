import type { Json } from '#domain/json'
import type { Command } from 'commander'
import type { CatalogListing } from '#api/catalog'
import { ageMs, printAgeMarked } from '#cli/age'
import {
  addCatalogFlag,
  addCommonFlags,
  addOutputFlag,
  type CatalogFlags,
  type CommonFlags,
} from '#cli/flags'
import { shortDigest, type HeaderLine } from '#cli/header'
import { formatVersion } from '#cli/output/document'
import { printCount, printCounted } from '#cli/tables/numbers'
import { lookOf, type Look } from '#cli/terminal'
import { flowParts, visible, wrapText } from '#cli/text-width'
import type { World } from '#cli/world'
import { addExportCommand } from './catalog-export.ts'
import { addKeysCommand } from './catalog-keys.ts'
import { addPullCommand } from './catalog-pull.ts'
import { addImportCommand } from './catalog-import.ts'
import { addPruneCommand } from './catalog-prune.ts'
import { addRefreshCommands } from './catalog-refresh.ts'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json', 'yaml'] as const

interface Flags extends CommonFlags, CatalogFlags {
  readonly output: (typeof formats)[number]
}

const toCatalogDocument = (listing: CatalogListing): Json => ({
  format_version: formatVersion,
  kind: 'catalog',
  files: listing.files,
  digest: listing.digest,
  backends: listing.backends.map((backend) => ({
    backend: backend.backend,
    regions: backend.regions,
    instance_types: backend.instanceTypes,
    offers: backend.offers,
    spot_offers: backend.spotOffers,
    gpu_models: backend.gpuModels,
    sources: backend.sources.map(({ source, observedAt, offers }) => ({
      source,
      observed_at: observedAt,
      offers,
    })),
    notes: backend.notes,
    digest: backend.digest,
  })),
})

type Backend = CatalogListing['backends'][number]

const oldestAge = ({ sources }: Backend, nowMs: number): string =>
  sources[0] === undefined ? '?' : printAgeMarked(ageMs(sources[0].observedAt, nowMs))

const printBackends = async (listing: CatalogListing, nowMs: number, look: Look) => {
  const { printWideTable } = await import('#cli/tables/wide-table')
  const rows = listing.backends.map((backend) => [
    visible(backend.backend),
    ...[backend.regions, backend.instanceTypes, backend.offers, backend.spotOffers].map(printCount),
    printCount(backend.gpuModels.length),
    oldestAge(backend, nowMs),
  ])
  return printWideTable(
    [
      ['BACKEND', 'left'],
      ['REGIONS', 'right'],
      ['INSTANCE TYPES', 'right'],
      ['OFFERS', 'right'],
      ['SPOT', 'right'],
      ['GPUS', 'right'],
      ['AGE', 'left'],
    ],
    rows,
    look.style,
  )
}

const detailsOf = (backend: Backend, nowMs: number): readonly HeaderLine[] => {
  const models = backend.gpuModels.length === 0 ? ['none'] : backend.gpuModels.map(visible)
  const sources = backend.sources.map(({ source, observedAt, offers }): HeaderLine => {
    const age = `${observedAt} (${printAgeMarked(ageMs(observedAt, nowMs))})`
    return ['Source', [visible(source), age, printCounted(offers, 'offer')]]
  })
  const notes = backend.notes.map((note): HeaderLine => ['Note', [visible(note)]])
  return [['GPUs', models], ...sources, ...notes]
}

const printDetails = (backend: Backend, nowMs: number, { style, width }: Look): string => {
  const room = { indent: 10, width }
  const lines = detailsOf(backend, nowMs).map(([label, parts]) => {
    const wrapped = parts.map((part) => wrapText(part, room))
    return `  ${label.padEnd(8)}${flowParts(wrapped, room)}`
  })
  return [style.bold(visible(backend.backend)), ...lines].join('\n')
}

const printListing = async (listing: CatalogListing, nowMs: number, look: Look) => {
  const offers = listing.backends.reduce((sum, backend) => sum + backend.offers, 0)
  const totals = [
    ...listing.files.map(visible),
    `digest ${shortDigest(listing.digest)}`,
    printCounted(listing.backends.length, 'backend'),
    printCounted(offers, 'offer'),
  ]
  return [
    `${look.style.bold('Catalog  ')}${flowParts(totals, { indent: 9, width: look.width })}`,
    await printBackends(listing, nowMs, look),
    ...listing.backends.map((backend) => printDetails(backend, nowMs, look)),
  ].join('\n\n')
}

const runCatalog = async (flags: Flags, world: World): Promise<void> => {
  const catalog = await world.openCatalog(flags.catalog)
  try {
    const listing = catalog.listing()
    switch (flags.output) {
      case 'table': {
        const look = lookOf('stdout', world, flags.color)
        world.stdout.write(`${await printListing(listing, world.nowMs, look)}\n`)
        return
      }
      case 'json': {
        const { printJson } = await import('#cli/output/json')
        world.stdout.write(printJson(toCatalogDocument(listing)))
        return
      }
      case 'yaml': {
        const { printYaml } = await import('#cli/output/yaml')
        world.stdout.write(printYaml(toCatalogDocument(listing)))
      }
    }
  } finally {
    catalog.close()
  }
}

export const addCatalogCommand = (program: Command, given: CommandGiven): void => {
  const { world, typed } = given
  const command = program
    .command('catalog')
    .summary('list what the catalog holds; refresh it')
    .description('Lists backends, regions, instance types, offers, GPU models, sources and ages.')
  addOutputFlag(command, formats)
  if (!typed) return
  addCommonFlags(addCatalogFlag(command)).action((flags: Flags) => runCatalog(flags, world))
  addRefreshCommands(command, given)
  addPruneCommand(command, given)
  addImportCommand(command, given)
  addPullCommand(command, world)
  addExportCommand(command, world)
  addKeysCommand(command, world)
}
