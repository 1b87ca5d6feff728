/** Local SSD that comes with a machine and is paid for, in GiB. */

type Sizes = Readonly<Record<string, number>>

const c3d: Sizes = { 8: 375, 16: 375, 30: 750, 60: 1500, 90: 3000, 180: 6000, 360: 12_000 }
const c4: Sizes = {
  4: 375,
  8: 375,
  16: 750,
  24: 1500,
  32: 1875,
  48: 3000,
  96: 6000,
  144: 9000,
  192: 12_000,
  288: 18_000,
}
const c4a: Sizes = { 4: 375, 8: 750, 16: 1500, 32: 2250, 48: 3750, 64: 5250, 72: 6000 }
const c4d: Sizes = {
  8: 375,
  16: 375,
  32: 750,
  48: 1500,
  64: 2250,
  96: 3000,
  192: 6000,
  384: 12_000,
}

const known: readonly (readonly [machines: RegExp, gibBySize: Sizes])[] = [
  [/^a2-ultragpu-(\d+)g$/, { 1: 375, 2: 750, 4: 1500, 8: 3000 }],
  [/^a3-(?:high|mega)gpu-(\d+)g$/, { 1: 750, 2: 1500, 4: 3000, 8: 6000 }],
  [/^c3-standard-(\d+)-lssd$/, { 4: 375, 8: 750, 22: 1500, 44: 3000, 88: 6000, 176: 12_000 }],
  [/^c3d-(?:highmem|standard)-(\d+)-lssd$/, c3d],
  [/^c4-(?:highmem|standard)-(\d+)-lssd(?:-metal)?$/, c4],
  [/^c4a-(?:highmem|standard)-(\d+)-lssd$/, c4a],
  [/^c4d-(?:highmem|standard)-(\d+)-lssd$/, c4d],
  [/^z3-highmem-(\d+)-standardlssd$/, { 14: 3000, 22: 6000, 44: 9000, 88: 18_000, 176: 36_000 }],
  [
    /^z3-highmem-(\d+)-highlssd(?:-metal)?$/,
    { 8: 3000, 16: 6000, 22: 9000, 32: 12_000, 44: 18_000, 88: 36_000, 192: 72_000 },
  ],
]

/** Partitions are of 375 GiB, but in series whose disks are larger. */
const partitionGib = 375
const hasLargerPartitions = /^(z3|a4x|x4|m4n?)-/

/** Null where nobody tells how much it is. Partitions are null where no list of machines was read. */
export const localSsdGib = (machine: string, partitions: number | null): number | null => {
  for (const [machines, gibBySize] of known) {
    const gib = gibBySize[machines.exec(machine)?.[1] ?? '']
    if (gib !== undefined) return gib
  }
  if (partitions !== null && partitions > 0) {
    return hasLargerPartitions.test(machine) ? null : partitions * partitionGib
  }
  return partitions === null && /lssd|^z3-/.test(machine) ? null : 0
}
