/** What `check` tells of own prices. */
import type { OverlayFindings } from '#api/overlay'
import type { CommonFlags, OverlayFlags } from './flags.ts'
import { writeNotes } from './notes.ts'
import { readOverlayOf } from './open-under-overlay.ts'
import { lookOf } from './terminal.ts'
import type { World } from './world.ts'

/** What every rule comes to over the catalog; null where there is no overlay. */
export const checkOverlay = async (
  flags: OverlayFlags,
  world: World,
): Promise<OverlayFindings | null> => {
  const overlay = await readOverlayOf(flags, world)
  if (overlay === null) return null
  const { examineOverlay } = await import('#api/overlay')
  const catalog = await world.openCatalog(flags.catalog)
  try {
    return examineOverlay(catalog, overlay, world.nowMs)
  } finally {
    catalog.close()
  }
}

/** The rules on the stream that is free for them, then warnings of those that are likely slips. */
export const writeFindings = async (
  findings: OverlayFindings,
  { flags, to }: { readonly flags: CommonFlags; readonly to: 'stdout' | 'stderr' },
  world: World,
): Promise<void> => {
  const { overlayWarnings, printOverlayTable } = await import('./tables/overlay-findings.ts')
  if (to === 'stdout' || flags.quiet !== true) {
    const { style } = lookOf(to, world, flags.color)
    world[to].write(`${printOverlayTable(findings, style).join('\n')}\n`)
  }
  writeNotes('warning', overlayWarnings(findings), world, flags)
}
