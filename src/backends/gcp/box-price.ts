/** What a machine costs an hour: the sum of its parts. */
import { labelsOf } from './accelerators.ts'
import type { Box } from './boxes.ts'
import { familyOf, plainLocalSsd } from './families.ts'
import type { Rate, RegionRates } from './rates.ts'
import { type Part, sumOfParts } from './sum.ts'

/** Google's own. */
const hoursInMonth = 730

const atHour = (rate: Rate, amount: number, per: number): Part => ({
  nanoUsd: rate.nanoUsd,
  amount,
  per,
})

/** A price by the GB is one by 10^9 bytes: 2^11 / 5^9 of them to a MiB. */
const memoryPart = (rate: Rate, memoryMib: number): Part =>
  rate.unit === 'GBy.h' ? atHour(rate, memoryMib * 2048, 1_953_125) : atHour(rate, memoryMib, 1024)

const dearestOf = (rates: readonly (Rate | null)[]): Rate | null =>
  rates.reduce(
    (dearest, rate) => ((rate?.nanoUsd ?? 0) > (dearest?.nanoUsd ?? 0) ? rate : dearest),
    null,
  )

export const acceleratorRate = (
  rates: RegionRates,
  accelerator: string,
  spot: boolean,
): Rate | null => dearestOf(labelsOf(accelerator).map((label) => rates.rate(label, spot, ['h'])))

const cardParts = (box: Box, rates: RegionRates, spot: boolean): readonly Part[] | string => {
  if (box.accelerator === null) return []
  const rate = acceleratorRate(rates, box.accelerator, spot)
  return rate === null
    ? 'no price of its accelerator in the region'
    : [atHour(rate, box.cards.amount, box.cards.per)]
}

const baseParts = (box: Box, rates: RegionRates, spot: boolean): readonly Part[] | string => {
  const family = familyOf(box.machine)
  if (family === null) return 'family of no known price'
  if (family.flat !== undefined) {
    const rate = rates.rate(family.flat, spot, ['h'])
    return rate === null ? 'no price in the region' : [atHour(rate, 1, 1)]
  }
  const thousandths = Math.round(box.instanceType.cpus * 1000)
  const parts: Part[] = []
  for (const base of family.bases) {
    const core = rates.rate(`${base} Core`, spot, ['h'])
    const ram = rates.rate(`${base} Ram`, spot, ['GiBy.h', 'GBy.h'])
    if (core === null || ram === null) return 'no price of its vCPU or memory in the region'
    parts.push(atHour(core, thousandths, 1000), memoryPart(ram, box.instanceType.memoryMib))
  }
  return parts
}

const diskParts = (box: Box, rates: RegionRates, spot: boolean): readonly Part[] | string => {
  if (box.localSsdGib === null) return 'size of local disks not known'
  if (box.localSsdGib === 0) return []
  const label = familyOf(box.machine)?.localSsd ?? plainLocalSsd
  const rate = rates.rate(label, spot, ['GiBy.mo'])
  return rate === null
    ? 'no price of its local disks in the region'
    : [atHour(rate, box.localSsdGib, hoursInMonth)]
}

/** The price in nano-USD, or why there is none: a part without a price is never left out of a sum. */
export const boxPrice = (box: Box, rates: RegionRates, spot: boolean): number | string => {
  const cards = cardParts(box, rates, spot)
  if (typeof cards === 'string') return cards
  const isWhole = familyOf(box.machine)?.allInOne === true
  const base = isWhole ? [] : baseParts(box, rates, spot)
  if (typeof base === 'string') return base
  const disks = isWhole ? [] : diskParts(box, rates, spot)
  if (typeof disks === 'string') return disks
  return sumOfParts([...cards, ...base, ...disks]) ?? 'no price in the region'
}
