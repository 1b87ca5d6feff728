/**
 * Regions whose address is known, as gpuhunt and the vendor's client list them (August 2026). Machines
 * are created at an address of their region, which no answer tells: elsewhere nothing can be started.
 */
const doubling: readonly number[] = [1, 2, 4, 8]

const countsOfRegion: ReadonlyMap<string, readonly number[]> = new Map([
  ['india-01', doubling],
  ['india-chennai-01', doubling],
  ['india-noida-01', doubling],
  ['europe-01', [1, 8]],
])

/** How many accelerators a machine may have there; null for a region that is not known. */
export const countsIn = (region: string): readonly number[] | null =>
  countsOfRegion.get(region) ?? null
