/** `catalog pull`: a published catalog into the user's. */
import type { Command } from 'commander'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import { formatVersion } from '#cli/output/document'
import { printJson } from '#cli/output/json'
import type { World } from '#cli/world'

const formats = ['table', 'json'] as const

interface PullFlags extends CommonFlags {
  readonly output: (typeof formats)[number]
  readonly key?: string
  readonly dryRun?: boolean
}

const runPull = async (address: string, flags: PullFlags, world: World): Promise<void> => {
  const room = await import('#api/publish')
  const report = await room.pullCatalog({
    source: room.sourceAddress(address, world.cwd),
    key: flags.key ?? null,
    environment: world.environment,
    dryRun: flags.dryRun === true,
  })
  const document = { format_version: formatVersion, ...room.pullDocument(report) }
  const asJson = flags.output === 'json'
  world.stdout.write(asJson ? printJson(document) : room.printPullReport(report))
}

export const addPullCommand = (catalog: Command, world: World): void => {
  const command = catalog
    .command('pull')
    .summary('fetch a published catalog')
    .description(
      'Fetches what has changed of a catalog that somebody has published, into the catalog of the user. All of it is verified against the key of the publisher before any of it is used.',
    )
    .argument('<url>', 'http or https address, or folder')
  addOutputFlag(command, formats)
  addCommonFlags(command)
    .option('--key <key>', 'public key of the publisher; needed once, then remembered')
    .option('--dry-run', 'fetch and verify, and change nothing')
    .action((address: string, flags: PullFlags) => runPull(address, flags, world))
}
