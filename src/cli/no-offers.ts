import { describeRequest } from './describe.ts'
import type { OffersAnswer } from './answer.ts'
import { printHeader } from './header.ts'
import { printCounted } from './tables/numbers.ts'
import type { Look } from './terminal.ts'

/** What was asked, and which names of it the catalog does not know. */
export const printNoOffers = (
  answer: OffersAnswer,
  unknown: readonly string[],
  look: Look,
): string =>
  [
    `${look.style.red('no offer matches')} (the catalog holds ${printCounted(answer.catalog.offers, 'offer')})`,
    printHeader(describeRequest(answer), look),
    ...unknown.map((name) => `${look.style.bold('hint:')} ${name}`),
    '',
  ].join('\n')
