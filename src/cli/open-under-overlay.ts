import type { Catalog } from '#api/catalog'
import type { Overlay, OverlaidCatalog } from '#api/overlay'
import type { OverlayFlags } from './flags.ts'
import type { LiveAsked, OpenLive } from './live-offers.ts'
import { writeNotes } from './notes.ts'
import { hasOverlay } from './overlay-files.ts'
import { visible } from './text-width.ts'
import type { World } from './world.ts'

/** The catalog that answers. Its digest is that of the catalog beneath, with or without an overlay. */
export interface OpenedCatalog {
  readonly catalog: Catalog
  /** Null where prices are the catalog's own. */
  readonly overlaid: OverlaidCatalog | null
  /** What the markets that were asked said; absent where none were to be asked. */
  readonly live?: LiveAsked | undefined
}

/** Null where there is none, or none is wanted. */
export const readOverlayOf = async (
  { overlay, noOverlay }: OverlayFlags,
  world: World,
): Promise<Overlay | null> => {
  if (noOverlay === true || (overlay === undefined && !hasOverlay(world))) return null
  const { loadOverlay, loadOverlayFile } = await import('#api/overlay')
  const { files, environment, home } = world
  return overlay === undefined
    ? loadOverlay({ files, environment, home, directory: '.' })
    : loadOverlayFile(overlay, files)
}

/** The catalog of today, or of the day asked for. */
const openBase = async (flags: OverlayFlags, world: World): Promise<Catalog> => {
  if (flags.asOf === undefined) return world.openCatalog(flags.catalog)
  const { catalogAsOf } = await import('#api/history')
  const { catalog, unknown } = catalogAsOf(flags.asOf, world)
  const names = unknown.map(visible).join(', ')
  const notes = unknown.length === 0 ? [] : [`no prices of that day are known of ${names}`]
  writeNotes('note', notes, world, flags)
  return catalog
}

const withLive = async (
  base: Catalog,
  openLive: OpenLive | undefined,
): Promise<{ readonly catalog: Catalog; readonly live?: LiveAsked }> => {
  if (openLive === undefined) return { catalog: base }
  try {
    return await openLive(base)
  } catch (error) {
    base.close()
    throw error
  }
}

/** Whatever the flags ask for. Closing it closes all. */
export const openUnderOverlay = async (
  flags: OverlayFlags,
  world: World,
  openLive?: OpenLive,
): Promise<OpenedCatalog> => {
  const overlay = await readOverlayOf(flags, world)
  const { catalog: base, live } = await withLive(await openBase(flags, world), openLive)
  if (overlay === null) return { catalog: base, overlaid: null, live }
  try {
    const { overlaidCatalog } = await import('#api/overlay')
    const overlaid = overlaidCatalog(base, overlay, world)
    const summary = () => ({ ...overlaid.summary(), digest: base.summary().digest })
    return { catalog: { ...overlaid, summary }, overlaid, live }
  } catch (error) {
    base.close()
    throw error
  }
}
