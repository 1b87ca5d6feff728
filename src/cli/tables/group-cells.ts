/** The cells of a group, for every table that shows one. */
import type { Group, PriceRange } from '#api/groups'
import type { Gpu } from '#domain/gpu'
import { visible } from '#cli/text-width'
import { printCount, printSize } from './numbers.ts'
import { printPrices } from './price-column.ts'

/** `A100 80GB`; `no GPU` for machines without. */
export const gpuModelCell = (gpu: Gpu | null): string =>
  gpu === null ? 'no GPU' : `${visible(gpu.name)} ${printSize(gpu.memoryMib)}`

/** `1..8`, `8`; `-` without accelerators. */
export const gpuCountCell = ({ gpu, gpuCount: { min, max } }: Group): string => {
  if (gpu === null) return '-'
  return min === max ? String(min) : `${min}..${max}`
}

export const spotKindsCell = ({ spot, onDemand }: Group): string =>
  spot && onDemand ? 'spot, on-demand' : spot ? 'spot' : 'on-demand'

const shownNames = 3

/** The cheapest three, and how many more: `runpod, gcp, aws +2`. */
export const backendsCell = (names: readonly string[]): string => {
  const shown = names.slice(0, shownNames).map(visible).join(', ')
  return names.length > shownNames ? `${shown} +${names.length - shownNames}` : shown
}

/** Up to three names; more are counted. `?` is an unknown region. */
export const regionsCell = (regions: readonly (string | null)[]): string =>
  regions.length > shownNames
    ? `${printCount(regions.length)} regions`
    : regions.map((region) => (region === null ? '?' : visible(region))).join(', ')

/** Empty unless something is out of stock: `none`, `3 of 8`. */
export const stockCell = ({ available, offers }: Group): string => {
  if (available === offers) return ''
  return available === 0 ? 'none' : `${printCount(available)} of ${printCount(offers)}`
}

/**
 * Ranges of prices, all with the same number of decimals: `0.567..1.985`, or one where both ends
 * print alike. `absent` stands where there is no such price; `?` where there is one, unknown.
 */
export const printPriceRanges = (
  ranges: readonly (PriceRange | null)[],
  absent: (row: number) => boolean,
): readonly string[] => {
  const ends = printPrices(ranges.flatMap((range) => [range?.min ?? null, range?.max ?? null]))
  return ranges.map((_, row) => {
    const [min = '?', max = '?'] = [ends[2 * row], ends[2 * row + 1]]
    if (absent(row)) return '-'
    return min === max ? min : `${min}..${max}`
  })
}
