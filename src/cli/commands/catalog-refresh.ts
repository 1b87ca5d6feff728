/** `catalog refresh` and `catalog accept`: current prices into the user's catalog. */
import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'
import { canonicalBackend } from '#domain/backend'
import type { Backend } from '#api/refresh'
import { repeatable } from '#cli/choices'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import { printCounted } from '#cli/tables/numbers'
import { visible } from '#cli/text-width'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json'] as const

export interface RefreshFlags extends CommonFlags {
  readonly output: (typeof formats)[number]
  readonly backend?: readonly string[]
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly schedule?: string
  readonly jitter?: string
  readonly healthFile?: string
}

/** Each once, however often and by whatever name it was asked for. */
const chosenFrom = (
  backends: readonly Backend[],
  names: readonly string[] | undefined,
): readonly Backend[] => {
  const chosen = names?.map((name) => {
    const canonical = canonicalBackend(name) ?? name
    const found = backends.find((backend) => backend.name === canonical)
    if (found) return found
    const known = backends.map((backend) => backend.name)
    const near = nearest(name, known)
    throw new ArgumentError(`"${name}" is no backend whose prices can be fetched`, {
      hint: near === null ? `there are ${known.join(', ')}` : `did you mean ${near}?`,
    })
  })
  return [...new Set(chosen ?? backends)]
}

const runAsked = async (flags: RefreshFlags, world: World): Promise<number> => {
  const alone = flags.jitter === undefined ? '--health-file' : '--jitter'
  if (flags.schedule === undefined && (flags.jitter ?? flags.healthFile) !== undefined) {
    throw new ArgumentError(`${alone} goes with --schedule`)
  }
  const room = await import('#api/refresh')
  const { runRefresh, runScheduledRefresh } = await import('#cli/run-refresh')
  const asked = { room, flags, backends: chosenFrom(room.backends, flags.backend) }
  return flags.schedule === undefined
    ? runRefresh(asked, world)
    : runScheduledRefresh(asked, flags.schedule, world)
}

const accept = async (backend: string, dryRun: boolean, world: World): Promise<void> => {
  const room = await import('#api/refresh')
  if (!dryRun) {
    const offers = await room.acceptQuarantined(world.environment, backend)
    world.stdout.write(`${backend}: ${printCounted(offers, 'offer')} taken\n`)
    return
  }
  const kept = room.lookAtQuarantined(world.environment, backend)
  for (const line of room.printKeptAside(backend, kept)) world.stdout.write(`${visible(line)}\n`)
}

const exitCodesHelp = `
Exit codes: 0 done; 2 wrong input; 5 a backend failed, was incomplete or is in
quarantine; 7 a backend named with -b lacks credentials.`

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
    .option('--schedule <crontab>', 'stay, and refresh at these times, such as "5 * * * *"')
    .option('--jitter <duration>', 'start up to so much later than scheduled (60s)')
    .option('--health-file <path>', 'how the schedule fares, as JSON')
    .addHelpText('after', exitCodesHelp)
    .action(async (flags: RefreshFlags) => {
      ending.code = await runAsked(flags, world)
    })
  addCommonFlags(
    catalog
      .command('accept')
      .summary('take prices that were put in quarantine')
      .description('Takes the prices of a backend that a refresh did not believe and kept aside.')
      .argument('<backend>', 'a backend that is in quarantine')
      .option('--dry-run', 'why it was not believed, and what would change; changes nothing'),
  ).action((name: string, { dryRun }: { readonly dryRun?: boolean }) =>
    accept(canonicalBackend(name) ?? name, dryRun === true, world),
  )
}
