/** Traffic replayed through the autoscaler on a virtual clock: what it costs, and who waits. */
export { courseEndMs, replicasByPart, requestsByPart, stepsOf, type Step } from '#autoscaler/course'
export { costNanoUsd } from '#autoscaler/replica-cost'
export {
  simulate,
  type SimulatedScaling,
  type SimulatedService,
  type Simulation,
  type Trace,
  usualService,
} from '#autoscaler/simulate'
export { suggestScaling, type Suggestion, type Suggestions } from '#autoscaler/suggest'
