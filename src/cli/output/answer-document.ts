/** An answer with everything that was asked of it, as one document for JSON and YAML. */
import type { Json } from '#domain/json'
import { certify, toCertificateDocument } from '#api/certificates'
import type { OffersAnswer } from '#cli/answer'
import { toOffersDocument } from './document.ts'
import { liveKey } from './live-key.ts'
import { extraKeys } from './offer-extras.ts'
import { toSubjectDocument } from './subject-document.ts'

/** By another key than the price, the order is not the one that a certificate speaks of. */
const certificateOf = (answer: OffersAnswer): Json => {
  const { ranking, overlay, limit = 0 } = answer
  if (ranking && (ranking.by !== 'price' || ranking.budget !== null)) return null
  const overlayDigest = overlay?.overlayDigest ?? null
  return toCertificateDocument(certify({ ...answer, limit, overlayDigest }))
}

const overlayOf = async ({ overlay }: OffersAnswer): Promise<Json> =>
  (await import('./overlay-key.ts')).toOverlayKey(overlay)

const whyOf = async ({ why }: OffersAnswer): Promise<Json> =>
  why ? (await import('./why-document.ts')).toWhyDocument(why) : null

const costOf = async ({ ranking }: OffersAnswer) => {
  if (!ranking) return { rank_by: 'price', budget: null, cost: null }
  const { toRankingDocument } = await import('./cost-document.ts')
  const { by, budget, ...cost } = toRankingDocument(ranking)
  return { rank_by: by, budget, cost }
}

export const toAnswerDocument = async (answer: OffersAnswer): Promise<Json> => {
  const subject = answer.subject && toSubjectDocument(answer.subject, answer.profileName)
  const { offers, ...head } = toOffersDocument(answer, subject)
  const extras = await extraKeys(answer)
  return {
    ...head,
    overlay: answer.overlay ? await overlayOf(answer) : null,
    ...(await costOf(answer)),
    why: await whyOf(answer),
    ...(await liveKey(answer.live)),
    offers: offers.map((offer, index) => ({ ...offer, ...extras[index] })),
    certificate: certificateOf(answer),
  }
}
