/** What the own prices say, as a digest. */
import type { OverlayFlags } from './flags.ts'
import { readOverlayOf } from './open-under-overlay.ts'
import type { World } from './world.ts'

/** Null where there are none. No catalog is opened for it. */
export const overlayDigestOf = async (
  flags: OverlayFlags,
  world: World,
): Promise<string | null> => {
  const overlay = await readOverlayOf(flags, world)
  if (overlay === null) return null
  const { overlayDigest } = await import('#api/overlay')
  return overlayDigest(overlay)
}
