import type { Requirements } from '#domain/requirements'

/** Requirements that every offer meets. */
export const filterNothing: Requirements = {
  cpu: { min: null, max: null },
  memoryMib: { min: null, max: null },
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
}
