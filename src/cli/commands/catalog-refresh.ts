/** `catalog refresh` and `catalog accept`: current prices into the user's catalog. */
import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'
import { canonicalBackend } from '#domain/backend'
import type { Backend, BackendReport, RefreshReport } from '#api/refresh'
import { ageMs } from '#cli/age'
import { repeatable } from '#cli/choices'
import { exitCodes } from '#cli/exit-codes'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import { formatVersion } from '#cli/output/document'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json'] as const

interface RefreshFlags extends CommonFlags {
  readonly output: (typeof formats)[number]
  readonly backend?: readonly string[]
  readonly force?: boolean
  readonly dryRun?: boolean
}

const chosenFrom = (
  backends: readonly Backend[],
  names: readonly string[] | undefined,
): readonly Backend[] =>
  names?.map((name) => {
    const canonical = canonicalBackend(name) ?? name
    const found = backends.find((backend) => backend.name === canonical)
    if (found) return found
    const known = backends.map((backend) => backend.name)
    const near = nearest(name, known)
    throw new ArgumentError(`"${name}" is no backend whose prices can be fetched`, {
      hint: near === null ? `there are ${known.join(', ')}` : `did you mean ${near}?`,
    })
  }) ?? backends

const exitCodeOf = {
  done: exitCodes.done,
  backend: exitCodes.backend,
  credentials: exitCodes.credentials,
} as const

const runRefresh = async (flags: RefreshFlags, world: World): Promise<number> => {
  const room = await import('#api/refresh')
  const report = await room.refresh({
    backends: chosenFrom(room.backends, flags.backend),
    environment: world.environment,
    dryRun: flags.dryRun === true,
    force: flags.force === true,
    onBackend: (one: BackendReport) => {
      const line = `${room.printBackendReport(one)}\n`
      if (flags.output === 'table') world.stdout.write(line)
      else if (flags.quiet !== true) world.stderr.write(line)
    },
  })
  if (flags.output === 'json') world.stdout.write(await documentOf(report, world))
  return exitCodeOf[room.outcomeOf(report, flags.backend !== undefined)]
}

const documentOf = async (report: RefreshReport, world: World): Promise<string> => {
  const { refreshDocument } = await import('#api/refresh')
  const seconds = (observedAt: string): number | null => {
    const age = ageMs(observedAt, world.nowMs)
    return age === null ? null : Math.floor(age / 1000)
  }
  const document = { format_version: formatVersion, ...refreshDocument(report, seconds) }
  return `${JSON.stringify(document, null, 2)}\n`
}

export const addRefreshCommands = (catalog: Command, { world, ending }: CommandGiven): void => {
  const refresh = catalog
    .command('refresh')
    .summary('fetch current prices')
    .description(
      'Fetches current prices of every backend that can be reached, each on its own, into the catalog of the user. What is incomplete or not believed leaves the old prices in place.',
    )
  addOutputFlag(refresh, formats)
  addCommonFlags(refresh)
    .addOption(repeatable('-b, --backend <name>', 'only this backend'))
    .option('--force', 'ask for everything anew, and take what differs beyond the bounds')
    .option('--dry-run', 'fetch and judge, and change nothing')
    .action(async (flags: RefreshFlags) => {
      ending.code = await runRefresh(flags, world)
    })
  addCommonFlags(
    catalog
      .command('accept')
      .summary('take prices that were put in quarantine')
      .description('Takes the prices of a backend that a refresh did not believe and kept aside.')
      .argument('<backend>', 'a backend that is in quarantine'),
  ).action(async (name: string) => {
    const { acceptQuarantined } = await import('#api/refresh')
    const backend = canonicalBackend(name) ?? name
    const offers = await acceptQuarantined(world.environment, backend)
    world.stdout.write(`${backend}: ${offers} offers taken\n`)
  })
}
