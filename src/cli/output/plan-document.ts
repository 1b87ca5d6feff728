/** Whether a plan still holds, as JSON. The plan itself is a file of its own: `printPlan`. */
import type { Json } from '#domain/json'
import type { Difference, PlanVerification } from '#api/plans'
import { formatVersion } from './document.ts'

/** An absent value is null, and `change` tells it from a null that is there. */
const toDifference = ({ path, planned, derived }: Difference) => ({
  path,
  change: planned === undefined ? 'added' : derived === undefined ? 'removed' : 'changed',
  planned: planned ?? null,
  derived: derived ?? null,
})

export const toPlanVerificationDocument = (verification: PlanVerification) =>
  ({
    format_version: formatVersion,
    kind: 'plan-verification',
    plan_digest: verification.digest,
    holds: verification.holds,
    intact: verification.isIntact,
    canonical: verification.isCanonical,
    differences: verification.differences.map(toDifference),
  }) satisfies Json
