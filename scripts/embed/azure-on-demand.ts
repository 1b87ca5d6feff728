import type { Observation } from '#domain/offer'
import { parseUsd } from '#domain/price'
import { offered, regionName, rejected, type Outcome } from './azure-outcome.ts'
import { readRows } from './azure-rows.ts'
import type { Size } from './azure-sizes.ts'

/**
 * Families whose meters of product "Cloud Services" carry the Windows price without the word: the
 * price list mixes both, so a row nobody else confirms may be either.
 */
const surcharged =
  /^Standard_(B\d+[a-z]*_v2|D\d+(-\d+)?ad?s_v5|E\d+(-\d+)?i?ad?s_v5|NCC40ads_H100_v5)$/

const kindProblem = (name: string): string | null => {
  if (name.startsWith('Basic_')) return 'Basic tier'
  if (/type ?\d+$/i.test(name)) return 'dedicated host'
  return name.startsWith('Standard_') ? null : 'no size name'
}

const checkProblem = (name: string, check: string): string | null => {
  switch (check) {
    case 'confirmed':
      return null
    case 'unconfirmed':
      return surcharged.test(name) ? 'unconfirmed, family with Windows surcharge' : null
    case 'zero':
      return 'zero price'
    case 'windows':
      return 'Windows price'
    case 'differs':
      return 'sources differ'
    default:
      return `unknown check "${check}"`
  }
}

/**
 * One outcome per row of the price list. Regions in `metered` have their own meters, which say what
 * is Linux; there this list decides nothing.
 */
export const readOnDemand = (
  text: string,
  sizes: ReadonlyMap<string, Size>,
  metered: ReadonlySet<string>,
  observation: Observation,
): readonly Outcome[] =>
  readRows(text, 'region').map(([regionText, name, usdPerHour, check]) => {
    const region = regionName(regionText)
    if (metered.has(region)) return rejected('price list, region has retail meters')
    const price = parseUsd(usdPerHour)
    if (price === null || price < 0) return rejected('no price')
    if (price === 0) return rejected('zero price')
    const problem = kindProblem(name) ?? checkProblem(name, check)
    if (problem !== null) return rejected(problem)
    const size = sizes.get(name)
    if (!size) return rejected('size without specifications')
    if ('reason' in size) return rejected(size.reason)
    return offered(region, size.instanceType, false, price, observation)
  })

/** The size names of a price list, with and without specifications. */
export const pricedNames = (text: string): readonly string[] => [
  ...new Set(readRows(text, 'region').map(([, name]) => name)),
]
