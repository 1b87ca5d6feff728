/** `catalog prune`: forgets old changes of prices. */
import type { Command } from 'commander'
import type { Pruned } from '#api/history'
import { addCommonFlags, type CommonFlags } from '#cli/flags'
import { printCount, printCounted } from '#cli/tables/numbers'
import type { CommandGiven } from './given.ts'

interface Flags extends CommonFlags {
  readonly keep: string
  readonly dryRun?: boolean
}

const printPruned = (pruned: Pruned, flags: Flags): string => {
  const [before, after] = pruned.changes
  const forgotten = before - after
  if (pruned.since === null || forgotten === 0) {
    return `nothing to forget: ${printCounted(before, 'change')} in ${printCount(pruned.bytes[1])} bytes\n`
  }
  if (flags.dryRun === true) {
    return `would forget ${printCount(forgotten)} of ${printCounted(before, 'change')}, before ${pruned.since}\n`
  }
  const [wasBytes, isBytes] = pruned.bytes.map(printCount)
  return `forgot ${printCount(forgotten)} of ${printCounted(before, 'change')}, before ${pruned.since}: ${wasBytes} bytes are now ${isBytes}\n`
}

export const addPruneCommand = (catalog: Command, { world }: CommandGiven): void => {
  addCommonFlags(
    catalog
      .command('prune')
      .summary('forget old changes of prices')
      .description(
        'Forgets how prices went before a moment. What they were at that moment, and every change since, stays.',
      )
      .option('--keep <moment>', 'a duration before now, or a day: 90d, 2026-11-01', '90d')
      .option('--dry-run', 'say what would be forgotten, and forget nothing'),
  ).action(async (flags: Flags) => {
    const room = await import('#api/history')
    const since = room.parseSince(flags.keep, world.nowMs, '--keep')
    const pruned = room.withWritableHistory(room.historyPlaces(world.environment), (database) =>
      room.pruneHistory(database, since, { dryRun: flags.dryRun === true }),
    )
    world.stdout.write(printPruned(pruned, flags))
  })
}
