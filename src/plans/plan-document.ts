/** The plan as a file: canonical JSON, the same bytes for the same inputs. */
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import { canonicalText, jsonDigest } from './canonical-json.ts'
import { toCertificateDocument } from './certificate.ts'
import type { NormalizedConfiguration, Plan } from './plan.ts'
import type { AttemptDocument, PlanDocument } from './plan-schema.ts'
import { printTotal } from './replicas.ts'
import { toRequirementsDocument } from './requirements-document.ts'

const toAttempt = (offer: Offer, rank: number): AttemptDocument => {
  const { gpu, gpuCount, ...type } = offer.instanceType
  return {
    rank,
    id: offer.id,
    backend: offer.backend,
    region: offer.region,
    zone: null,
    instance_type: type.name,
    cpus: type.cpus,
    memory_mib: type.memoryMib,
    gpu: gpu && {
      name: gpu.name,
      vendor: gpu.vendor,
      count: gpuCount,
      memory_mib: gpu.memoryMib,
    },
    disk_mib: type.diskMib,
    spot: offer.spot,
    price: {
      amount: offer.priceNanoUsd === null ? null : printUsd(offer.priceNanoUsd),
      currency: 'USD',
      per: 'instance_hour',
    },
    availability: offer.stock,
    source: offer.observation.source,
    observed_at: offer.observation.observedAt,
  }
}

const toConfiguration = (
  normalized: NormalizedConfiguration | null,
): PlanDocument['configuration'] => normalized && { digest: jsonDigest(normalized), normalized }

const toPriceRange = ({ prices, replicas, attempts }: Plan): PlanDocument['price_range'] => ({
  replica: {
    min: prices && printUsd(prices.min),
    max: prices && printUsd(prices.max),
  },
  all_replicas: {
    min: prices && printTotal(prices.min, replicas.min),
    max: prices && printTotal(prices.max, replicas.max),
  },
  unknown_prices: attempts.filter((offer) => offer.priceNanoUsd === null).length,
  currency: 'USD',
  per: 'hour',
})

/** The digest that a plan states of itself. */
export const planDigest = (document: PlanDocument): string =>
  jsonDigest({ ...document, digest: '' })

export const toPlanDocument = (plan: Plan): PlanDocument => {
  const { catalogDigest, overlayDigest } = plan.certificate
  const document: PlanDocument = {
    format_version: '1.0',
    kind: 'plan',
    digest: '',
    tool: { name: 'dstack-offers', version: plan.toolVersion },
    configuration: toConfiguration(plan.normalized),
    requirements: toRequirementsDocument(plan.requirements),
    replicas: { min: plan.replicas.min, max: plan.replicas.max },
    catalog: { digest: catalogDigest },
    overlay: overlayDigest === null ? null : { digest: overlayDigest },
    price_range: toPriceRange(plan),
    attempts: plan.attempts.map((offer, index) => toAttempt(offer, index + 1)),
    certificate: toCertificateDocument(plan.certificate),
  }
  return { ...document, digest: planDigest(document) }
}

/** The bytes of `plan.json`. */
export const printPlan = (plan: Plan): string => canonicalText(toPlanDocument(plan))
