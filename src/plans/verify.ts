/** Derives a plan again, and says what is no longer as it was planned. */
import { canonicalText } from './canonical-json.ts'
import { type Difference, differences } from './differences.ts'
import { derivePlan, type Plan, planBasis, type PlanRequest, type SearchedCatalog } from './plan.ts'
import { planDigest, toPlanDocument } from './plan-document.ts'
import type { PlanDocument } from './plan-schema.ts'
import { readPlan } from './read-plan.ts'
import { readRequirements } from './requirements-document.ts'

export interface VerifyOptions {
  /** What messages call the plan. */
  readonly file: string
  readonly catalog: SearchedCatalog
  readonly toolVersion: string
  readonly overlayDigest?: string | null
  /** What is asked now. Without it the plan's own question is asked again. */
  readonly request?: Pick<PlanRequest, 'configuration' | 'requirements'> | null
}

export interface PlanVerification {
  /** True when deriving the plan again gives the same bytes. */
  readonly holds: boolean
  /** The digest that the plan states. */
  readonly digest: string
  /** Whether that is the digest of what the plan holds; where it is not, the plan was edited. */
  readonly isIntact: boolean
  /** Whether the text is in canonical form. */
  readonly isCanonical: boolean
  readonly differences: readonly Difference[]
  /** What the catalog gives now. */
  readonly derived: Plan
}

/** Throws `ArgumentError` where the text is no plan, and what a search of the catalog throws. */
export const verifyPlan = (text: string, options: VerifyOptions): PlanVerification => {
  const document = readPlan(text, options.file)
  const derived = derivePlan(basisOf(document, options), options.catalog)
  const found = differences(undigested(document), undigested(toPlanDocument(derived)))
  const isIntact = planDigest(document) === document.digest
  const isCanonical = canonicalText(document) === text
  return {
    holds: isIntact && isCanonical && found.length === 0,
    digest: document.digest,
    isIntact,
    isCanonical,
    differences: found,
    derived,
  }
}

const basisOf = (
  document: PlanDocument,
  options: VerifyOptions,
): Parameters<typeof derivePlan>[0] => {
  const { toolVersion, overlayDigest = null, request } = options
  const { limit } = document.certificate
  if (request) return planBasis({ ...request, toolVersion, overlayDigest, limit })
  return {
    toolVersion,
    overlayDigest,
    limit,
    normalized: document.configuration?.normalized ?? null,
    requirements: readRequirements(document.requirements),
    replicas: document.replicas,
  }
}

/** Whatever differs changes the digest too, so that it would be said twice. */
const undigested = (document: PlanDocument): PlanDocument => ({ ...document, digest: '' })
