/** The rates of the last time, beside the catalog, for when their source does not answer. */
import { join } from 'node:path'
import { makeAside } from '#platform/derived-files'
import { readTextFile, writeTextFile } from '#platform/text-files'
import type { EuroRates } from './euro-rates.ts'

export interface RatesFile {
  /** Null where there are none that can be read. */
  read(): EuroRates | null
  write(rates: EuroRates): void
}

const isRates = (value: unknown): value is EuroRates =>
  typeof value === 'object' &&
  value !== null &&
  'day' in value &&
  typeof value.day === 'string' &&
  'perEuro' in value &&
  typeof value.perEuro === 'object' &&
  value.perEuro !== null &&
  Object.values(value.perEuro).every((rate) => typeof rate === 'string')

export const ratesFile = (home: string): RatesFile => {
  const file = join(home, 'euro-rates.json')
  return {
    read: () => {
      try {
        const value: unknown = JSON.parse(readTextFile(file) ?? 'null')
        return isRates(value) ? value : null
      } catch {
        return null
      }
    },
    write: (rates) => {
      try {
        makeAside(file, (aside) => writeTextFile(aside, `${JSON.stringify(rates)}\n`))
      } catch {
        // The rates of today are at hand; only a later refresh would have missed these.
      }
    },
  }
}
