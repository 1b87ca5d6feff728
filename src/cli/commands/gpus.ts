import type { Command } from 'commander'
import {
  addCommonFlags,
  addOutputFlag,
  addOverlayFlags,
  type CommonFlags,
  type OverlayFlags,
} from '#cli/flags'
import { printOverlayOver } from '#cli/header'
import { openUnderOverlay } from '#cli/open-under-overlay'
import { lookOf } from '#cli/terminal'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json', 'yaml', 'jsonl', 'csv', 'tsv'] as const

interface Flags extends CommonFlags, OverlayFlags {
  readonly output: (typeof formats)[number]
}

const runGpus = async (flags: Flags, world: World): Promise<void> => {
  const { catalog, overlaid } = await openUnderOverlay(flags, world)
  try {
    const { listGpus } = await import('#api/groups')
    const gpus = listGpus(catalog)
    if (flags.output === 'table') {
      const { printGpusTable } = await import('#cli/tables/gpus-table')
      const look = lookOf('stdout', world, flags.color)
      world.stdout.write(`${printOverlayOver(overlaid, look)}${printGpusTable(gpus, look)}\n`)
      return
    }
    const { toGpusDocument } = await import('#cli/output/gpus-document')
    const { toOverlayKey } = await import('#cli/output/overlay-key')
    const { printDocument } = await import('#cli/output/print-document')
    const document = toGpusDocument(gpus, catalog.summary().digest)
    const overlay = toOverlayKey(overlaid)
    world.stdout.write(await printDocument(flags.output, { ...document, overlay }, document.gpus))
  } finally {
    catalog.close()
  }
}

export const addGpusCommand = (program: Command, { world, typed }: CommandGiven): void => {
  const command = program
    .command('gpus')
    .summary('list GPU models and their least prices')
    .description(
      'Lists every GPU model known: memory, capability, backends, and the least price per GPU-hour.',
    )
  addOutputFlag(command, formats)
  if (!typed) return
  addCommonFlags(addOverlayFlags(command)).action((flags: Flags) => runGpus(flags, world))
}
