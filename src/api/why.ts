/** Why offers match or do not, and where they come from. */
export type { Change } from '#why/changes'
export { type Filter, filterNames, type FilterName, isUpperBound } from '#why/filters'
export { type KeyEdit, keyEdits } from '#why/key-edits'
export type { NearMiss } from '#why/near-misses'
export { explainOffer, type PriceStep, type Provenance } from '#why/provenance'
export {
  relaxedConfiguration,
  type RelaxedConfiguration,
  type Unwritten,
} from '#why/relaxed-configuration'
export { explainWhy, type Relaxation, type Step, usualRelaxations, type Why } from '#why/why'
