import type { Offer } from '#domain/offer'
import { toOfferDocument } from './document.ts'

/** One document an offer and line, no document around them. */
export const printJsonl = (offers: readonly Offer[]): string =>
  offers.map((offer, index) => `${JSON.stringify(toOfferDocument(offer, index + 1))}\n`).join('')
