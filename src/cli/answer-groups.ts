/** The answer in groups, for `--group-by`. */
import { groupOffers, parseGrouping } from '#api/groups'
import { ArgumentError } from '#domain/errors'
import type { Asked } from './answer-offers.ts'
import { exitCodes } from './exit-codes.ts'
import { headerOf, printHeader } from './header.ts'
import { refuseOlder } from './max-age.ts'
import { writeNotes } from './notes.ts'
import { toGroupsDocument } from './output/group-document.ts'
import { liveKey } from './output/live-key.ts'
import { toOverlayKey } from './output/overlay-key.ts'
import { isDocumentFormat, printDocument } from './output/print-document.ts'
import { noteUnset } from './read-request.ts'
import { printGroupsTable } from './tables/group-table.ts'
import { lookOf } from './terminal.ts'
import type { World } from './world.ts'

export const answerGroups = async (asked: Asked, world: World): Promise<number> => {
  const { request, opened, flags } = asked
  const { output } = flags
  if (output !== 'table' && !isDocumentFormat(output)) {
    throw new ArgumentError(`--group-by does not go with --output "${output}"`, {
      hint: 'one of table, json, yaml, csv, tsv, jsonl',
    })
  }
  const { requirements } = request
  if (flags.maxAge !== undefined) {
    await refuseOlder(opened.catalog.first(requirements, 0), flags, world.nowMs)
  }
  const groups = groupOffers(opened.catalog, requirements, parseGrouping(flags.groupBy ?? []))
  const nothing = groups.groups.length === 0
  const summary = opened.catalog.summary()
  if (output !== 'table') {
    const document = toGroupsDocument(groups, requirements, summary.digest)
    const overlay = toOverlayKey(opened.overlaid)
    const whole = { ...document, overlay, ...(await liveKey(opened.live)) }
    world.stdout.write(await printDocument(output, whole, document.groups))
  } else if (!nothing) {
    const look = lookOf('stdout', world, flags.color)
    const header = headerOf({
      ...request,
      catalog: summary,
      nowMs: world.nowMs,
      overlay: opened.overlaid,
    })
    world.stdout.write(`${printHeader(header, look)}\n\n${printGroupsTable(groups, look)}\n`)
  }
  writeNotes('note', noteUnset(request), world, flags)
  if (!nothing) return exitCodes.done
  const { writeNoOffers } = await import('./no-offers.ts')
  return writeNoOffers({ asked, ranking: null }, world)
}
