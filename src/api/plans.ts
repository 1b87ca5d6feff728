/** Plans: searches that can be done again. */
export type { Difference } from '#plans/differences'
export { planJsonSchema } from '#plans/json-schema'
export { makePlan, type Plan, type PlanRequest } from '#plans/plan'
export { printPlan, toPlanDocument } from '#plans/plan-document'
export type { PlanDocument } from '#plans/plan-schema'
export { printTotal } from '#plans/replicas'
export { verifyPlan, type PlanVerification, type VerifyOptions } from '#plans/verify'
