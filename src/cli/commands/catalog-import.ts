/** `catalog import`: what others publish, into the catalog of the user. */
import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { backendNames, canonicalBackend } from '#domain/backend'
import { nearest } from '#domain/spelling'
import type { BackendReport } from '#api/refresh'
import type { ImportReport } from '#api/imports'
import { ageMs } from '#cli/age'
import { repeatable } from '#cli/choices'
import { exitCodes } from '#cli/exit-codes'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import { formatVersion } from '#cli/output/document'
import { visible } from '#cli/text-width'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json'] as const

interface ImportFlags extends CommonFlags {
  readonly output: (typeof formats)[number]
  readonly backend?: readonly string[]
  readonly observedAt?: string
  readonly force?: boolean
  readonly dryRun?: boolean
}

const canonical = (name: string): string => {
  const known = canonicalBackend(name)
  if (known !== null) return known
  const near = nearest(name, backendNames)
  throw new ArgumentError(`"${name}" is no backend`, {
    hint: near === null ? `there are ${backendNames.join(', ')}` : `did you mean ${near}?`,
  })
}

const exitCodeOf = {
  done: exitCodes.done,
  backend: exitCodes.backend,
  credentials: exitCodes.credentials,
} as const

const documentOf = async (report: ImportReport, argument: string, world: World) => {
  const { refreshDocument } = await import('#api/refresh')
  const { printArgument } = await import('#api/imports')
  const seconds = (observedAt: string): number | null => {
    const age = ageMs(observedAt, world.nowMs)
    return age === null ? null : Math.floor(age / 1000)
  }
  const document = {
    format_version: formatVersion,
    ...refreshDocument(report, seconds),
    kind: 'import',
    argument: printArgument(argument),
    source: report.source,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

const runImport = async (argument: string, flags: ImportFlags, world: World): Promise<number> => {
  const { importCatalog } = await import('#api/imports')
  const { backends, loadSettings, outcomeOf, printBackendReport } = await import('#api/refresh')
  const say = (line: string): void => {
    if (flags.output === 'table') world.stdout.write(line)
    else if (flags.quiet !== true) world.stderr.write(line)
  }
  const names = backends.map(({ name }) => name)
  const { bounds } = loadSettings(world.files, world.environment, names)
  const report = await importCatalog({
    argument,
    cwd: world.cwd,
    environment: world.environment,
    backends: flags.backend?.map(canonical),
    observedAt: flags.observedAt,
    dryRun: flags.dryRun === true,
    force: flags.force === true,
    bounds,
    onFound: (what) => say(`${visible(what)}\n`),
    onBackend: (one: BackendReport) => say(`${visible(printBackendReport(one))}\n`),
  })
  if (report.backends.length === 0) {
    throw new ArgumentError(`there is nothing of "${(flags.backend ?? []).join('", "')}" in it`)
  }
  if (flags.output === 'json') world.stdout.write(await documentOf(report, argument, world))
  return exitCodeOf[outcomeOf(report, flags.backend !== undefined)]
}

export const addImportCommand = (catalog: Command, { world, ending }: CommandGiven): void => {
  const command = catalog
    .command('import')
    .summary('take prices from catalogs of others')
    .description(
      'Takes prices from the catalogs of gpuhunt or SkyPilot where they are published, or from a file, a folder or an address that holds such a catalog or one of this program, into the catalog of the user. What is older than what is held, incomplete or not believed leaves the old prices in place.',
    )
    .argument('<source>', 'gpuhunt, skypilot, a file, a folder or an address')
  addOutputFlag(command, formats)
  addCommonFlags(command)
    .addOption(repeatable('-b, --backend <name>', 'only this backend'))
    .option('--observed-at <time>', 'when its prices were seen, where it does not tell: 2026-05-20')
    .option('--force', 'take what is older, and what differs beyond the bounds')
    .option('--dry-run', 'read and judge, and change nothing')
    .action(async (argument: string, flags: ImportFlags) => {
      ending.code = await runImport(argument, flags, world)
    })
}
