/**
 * What a spot hour costs once the hours lost to interruptions are paid for:
 *
 *     expected = price / (1 - share lost)
 *     share lost = interruptions a month * hours lost by each / 730
 *
 * Interruptions a month are the middle of the band. Each loses half of the run (at most of a month)
 * when its length is known, for work starts over; else one hour, to start again and warm up.
 */
import type { Offer } from '#domain/offer'
import type { InterruptionBand } from '#domain/interruption'
import type { BandOf } from './interruption.ts'
import { divideUp, hoursPerMonth, type NanoUsd, secondsPerHour } from './money.ts'

export type Risk =
  /** On-demand machines are not taken back. */
  | { readonly kind: 'none' }
  | { readonly kind: 'band'; readonly band: InterruptionBand }
  /** A spot offer of which nothing is published. Nothing is assumed. */
  | { readonly kind: 'unknown' }

/** In thousandths. */
const middles: Readonly<Record<InterruptionBand, number>> = {
  '0-5': 25,
  '5-10': 75,
  '10-15': 125,
  '15-20': 175,
  '20-100': 600,
}

const secondsPerMonth = hoursPerMonth * secondsPerHour

export const riskOf = (offer: Offer, bandOf: BandOf): Risk => {
  if (!offer.spot) return { kind: 'none' }
  const band = bandOf(offer)
  return band === null ? { kind: 'unknown' } : { kind: 'band', band }
}

/** Per hour, rounded up; null where the price or the risk is unknown. */
export const expectedPrice = (
  offer: Offer,
  risk: Risk,
  durationSeconds: number | null,
): NanoUsd | null => {
  if (offer.priceNanoUsd === null || risk.kind === 'unknown') return null
  const price = BigInt(offer.priceNanoUsd)
  if (risk.kind === 'none') return price
  // Twice the seconds, so that half of a run stays whole.
  const lostTwice =
    durationSeconds === null ? 2 * secondsPerHour : Math.min(durationSeconds, secondsPerMonth)
  const whole = BigInt(2 * 1000 * secondsPerMonth)
  return divideUp(price * whole, whole - BigInt(middles[risk.band] * lostTwice))
}
