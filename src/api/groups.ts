/** What accelerators cost: groups of offers, models, and requests side by side. */
export {
  compareRequests,
  type ComparedGpu,
  type ComparedSide,
  type Comparison,
  type LabelledRequirements,
} from '#groups/compare-requests'
export type { RequirementField } from '#groups/differing-fields'
export type { Group, Groups, PriceRange } from '#groups/group'
export { groupOffers } from '#groups/group-offers'
export { groupKeys, parseGrouping, type Grouping } from '#groups/grouping'
export { listGpus, type ListedGpu, type SoldFrom } from '#groups/list-gpus'
