import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import { toOfferDocument } from './document.ts'

/** One document an offer and line, no document around them; `extra` are keys after the usual ones. */
export const printJsonl = (
  offers: readonly Offer[],
  extra: readonly { readonly [key: string]: Json }[] = [],
): string =>
  offers
    .map((offer, index) => ({ ...toOfferDocument(offer, index + 1), ...extra[index] }))
    .map((document) => `${JSON.stringify(document)}\n`)
    .join('')
