/** Which offer a replica tries next. */
import type { Offer } from '#domain/offer'
import { coolDownKeys } from './cool-downs.ts'

export interface Choice {
  /** Null where none is left. */
  readonly offer: Offer | null
  /** Offers that are left alone for now, and why; those before the one that is taken. */
  readonly passedOver: readonly { readonly offer: Offer; readonly why: string }[]
}

export interface ChoiceGiven {
  /** Best first. */
  readonly offers: readonly Offer[]
  /** Ids of offers that were tried already. */
  readonly tried: ReadonlySet<string>
  /** Why a key is cooling down; null where it is not. */
  readonly coolingDown: (keys: readonly string[]) => string | null
  readonly maxPriceNanoUsd: number | null
  /** How many may be tried in all. */
  readonly attempts: number
}

/** An unknown price is above every limit. */
const isAbove = ({ priceNanoUsd }: Offer, limit: number | null): boolean =>
  limit !== null && (priceNanoUsd === null || priceNanoUsd > limit)

export const chooseOffer = (given: ChoiceGiven): Choice => {
  const passedOver: { offer: Offer; why: string }[] = []
  if (given.tried.size >= given.attempts) return { offer: null, passedOver }
  for (const offer of given.offers) {
    if (given.tried.has(offer.id)) continue
    if (isAbove(offer, given.maxPriceNanoUsd)) {
      passedOver.push({ offer, why: 'its price is above max_price' })
      continue
    }
    const why = given.coolingDown(coolDownKeys(offer))
    if (why === null) return { offer, passedOver }
    passedOver.push({ offer, why })
  }
  return { offer: null, passedOver }
}
