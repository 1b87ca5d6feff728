import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { exitCodes } from '#cli/exit-codes'
import {
  addCommonFlags,
  addOutputFlag,
  addOverlayFlags,
  addRequestFlags,
  type CommonFlags,
  type OverlayFlags,
  type RequestFlags,
} from '#cli/flags'
import { parseLimit } from '#cli/offer-limit'
import { printOverlayOver } from '#cli/header'
import { openUnderOverlay } from '#cli/open-under-overlay'
import { readRequest } from '#cli/read-request'
import { lookOf } from '#cli/terminal'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json', 'yaml'] as const

interface Flags extends CommonFlags, RequestFlags, OverlayFlags {
  readonly output: (typeof formats)[number]
  readonly maxOffers: number
}

const runCompare = async (
  files: readonly string[],
  given: { readonly flags: Flags; readonly runArguments: readonly string[] },
  world: World,
): Promise<number> => {
  if (files.length < 2) {
    throw new ArgumentError('there is one FILE, and nothing to compare it with', {
      hint: 'dstack-offers compare one.dstack.yml other.dstack.yml',
    })
  }
  const requests = await Promise.all(
    files.map(async (file) => {
      const { requirements, subject } = await readRequest({ ...given, file }, world)
      return { label: subject?.file ?? file, requirements }
    }),
  )
  const { flags } = given
  const { catalog, overlaid } = await openUnderOverlay(flags, world)
  try {
    const { compareRequests } = await import('#api/groups')
    const comparison = compareRequests(catalog, requests, flags.maxOffers)
    if (flags.output === 'table') {
      const { printComparison } = await import('#cli/tables/compare-table')
      const look = lookOf('stdout', world, flags.color)
      world.stdout.write(
        `${printOverlayOver(overlaid, look)}${printComparison(comparison, look)}\n`,
      )
    } else {
      const { toComparisonDocument } = await import('#cli/output/compare-document')
      const { toOverlayKey } = await import('#cli/output/overlay-key')
      const { printDocument } = await import('#cli/output/print-document')
      const { toMark } = await import('#cli/output/overlay-key')
      const digest = catalog.summary().digest
      const document = toComparisonDocument(comparison, digest, toMark(overlaid))
      const overlay = toOverlayKey(overlaid)
      world.stdout.write(await printDocument(flags.output, { ...document, overlay }, []))
    }
    return comparison.sides.every(({ matched }) => matched === 0)
      ? exitCodes.noOffers
      : exitCodes.done
  } finally {
    catalog.close()
  }
}

export const addCompareCommand = (
  program: Command,
  { world, runArguments, ending, typed }: CommandGiven,
): void => {
  const command = program
    .command('compare')
    .summary('show what files ask for and get, side by side')
    .description(
      'Shows configurations side by side: what they ask for, what they get, at what price.',
    )
    .argument('<files...>', 'two *.dstack.yml or more')
    .optionsGroup('Output:')
  addOutputFlag(command, formats)
  if (!typed) return
  command.option('-n, --max-offers <count>', 'offers of each in JSON; 0 for all', parseLimit, 5)
  addRequestFlags(addCommonFlags(command))
  addOverlayFlags(command.optionsGroup('Catalog:')).action(
    async (files: readonly string[], flags: Flags) => {
      ending.code = await runCompare(files, { flags, runArguments }, world)
    },
  )
}
