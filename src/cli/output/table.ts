import type { OffersAnswer } from '#cli/answer'
import { headerOf, printHeader } from '#cli/header'
import { printCount, printCounted } from '#cli/tables/numbers'
import type { Look } from '#cli/terminal'

/** How many were found, and how many of those are not shown. */
const countLine = ({ matched, offers }: OffersAnswer): string => {
  const hidden = matched - offers.length
  if (hidden <= 0) return `${printCounted(matched, 'offer')}.`
  const counts = `Shown ${printCount(offers.length)} of ${printCounted(matched, 'offer')}`
  return `${counts}, ${printCount(hidden)} hidden (-n 0 shows all).`
}

const unknownPrices = ({ offers }: OffersAnswer): string => {
  const unknown = offers.filter((offer) => offer.priceNanoUsd === null).length
  return unknown === 0 ? '' : ` ${printCounted(unknown, 'price')} unknown (?).`
}

/** A table for a person: what was understood, the offers, how many there are. */
export const printReport = (answer: OffersAnswer, look: Look, table: string): string =>
  [
    printHeader(headerOf(answer), look),
    '',
    table,
    countLine(answer) + unknownPrices(answer),
    '',
  ].join('\n')
