/** `catalog export`: what the catalog holds, signed, for others to pull. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { canonicalBackend } from '#domain/backend'
import { ArgumentError } from '#domain/errors'
import { repeatable } from '#cli/choices'
import {
  addCatalogFlag,
  addCommonFlags,
  addOutputFlag,
  type CatalogFlags,
  type CommonFlags,
} from '#cli/flags'
import { formatVersion } from '#cli/output/document'
import { printJson } from '#cli/output/json'
import type { World } from '#cli/world'

const formats = ['table', 'json'] as const

interface ExportFlags extends CommonFlags, CatalogFlags {
  readonly output: (typeof formats)[number]
  readonly backend?: readonly string[]
  readonly keyFile?: string
  readonly after?: string
}

const parseAfter = (text: string): number => {
  const sequence = /^\d{1,12}$/.test(text) ? Number(text) : null
  if (sequence !== null) return sequence
  throw new ArgumentError(`--after "${text}" is no sequence`, { hint: 'give a whole number' })
}

const runExport = async (folder: string, flags: ExportFlags, world: World): Promise<void> => {
  if (folder === '') throw new ArgumentError('"" names no folder')
  const { cwd, environment, nowMs } = world
  const room = await import('#api/publish')
  const keyFile = flags.keyFile === undefined ? null : resolve(cwd, flags.keyFile)
  const signer = room.findSigner(environment, keyFile)
  const after = flags.after === undefined ? 0 : parseAfter(flags.after)
  const catalog = await world.openCatalog(flags.catalog)
  try {
    const report = room.exportCatalog({
      folder: resolve(cwd, folder),
      catalog,
      backends: flags.backend?.map((name) => canonicalBackend(name) ?? name) ?? null,
      signer,
      nowMs,
      after,
    })
    const document = { format_version: formatVersion, ...room.exportDocument(report) }
    const asJson = flags.output === 'json'
    world.stdout.write(asJson ? printJson(document) : room.printExportReport(report))
  } finally {
    catalog.close()
  }
}

export const addExportCommand = (catalog: Command, world: World): void => {
  const command = catalog
    .command('export')
    .summary('publish the catalog: signed, for others to pull')
    .description(
      'Writes what the catalog holds into a folder that any static host can serve: a text per backend, named by its digest, and a signed manifest. Own prices are never in it. Where nothing has changed, the folder stays as it is.',
    )
    .argument('<dir>', 'folder to write into')
  addOutputFlag(command, formats)
  addCommonFlags(addCatalogFlag(command))
    .addOption(repeatable('-b, --backend <name>', 'only this backend'))
    .option('--key-file <path>', 'private key (default: $DSTACK_OFFERS_SIGNING_KEY, then a file)')
    .option('--after <sequence>', 'stay above this sequence, where the old folder is lost')
    .action((folder: string, flags: ExportFlags) => runExport(folder, flags, world))
}
