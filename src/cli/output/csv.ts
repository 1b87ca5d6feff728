import type { Offer } from '#domain/offer'
import { flatColumns, flattenOffer } from './flat-offer.ts'

const quote = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** A heading and one line an offer, quoted as RFC 4180 says. */
export const printCsv = (offers: readonly Offer[]): string =>
  [flatColumns, ...offers.map((offer, index) => flattenOffer(offer, index + 1))]
    .map((cells) => `${cells.map(quote).join(',')}\n`)
    .join('')
