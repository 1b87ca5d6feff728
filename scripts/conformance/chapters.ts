import { autoscaler } from './autoscaler.ts'
import type { Chapter } from './chapter.ts'
import { cliOverrides } from './cli-overrides.ts'
import { csv } from './csv.ts'
import { durations } from './durations.ts'
import { gpuHelpers } from './gpu-helpers.ts'
import { interpolation } from './interpolation.ts'
import { jobSpecs } from './job-spec.ts'
import { offersVectors } from './offers-vectors.ts'
import { planText } from './plan-text.ts'
import { poolVectors } from './pool-vectors.ts'
import { profileMerge, profilesFile } from './profiles.ts'
import { queries } from './queries.ts'
import { resources } from './resources.ts'
import { runStatus } from './run-status.ts'
import { scaleReplicas } from './scale-replicas.ts'
import { services } from './services.ts'

/** Every kind of vectors that is run. */
export const chapters: readonly Chapter[] = [
  resources,
  services,
  durations,
  profileMerge,
  profilesFile,
  cliOverrides,
  interpolation,
  jobSpecs,
  gpuHelpers,
  offersVectors,
  queries,
  csv,
  autoscaler,
  runStatus,
  scaleReplicas,
  poolVectors,
  planText,
]
