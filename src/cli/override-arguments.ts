import type { OverrideArguments } from '#api/configuration'
import type { RequestFlags } from './flags.ts'

type Given<Value> = { readonly [Key in keyof Value]?: Value[Key] | undefined }

/** Without the keys whose value is undefined. */
const defined = <Value extends object>(given: Given<Value>): Partial<Value> => {
  const kept: Partial<Value> = {}
  for (const key in given) if (given[key] !== undefined) kept[key] = given[key]
  return kept
}

/** The flags under the names of the configuration room. */
export const toOverrideArguments = ({
  backend,
  region,
  instanceType,
  ...flags
}: RequestFlags): OverrideArguments =>
  defined<OverrideArguments>({
    cpu: flags.cpu,
    memory: flags.memory,
    disk: flags.disk,
    gpu: flags.gpu,
    backends: backend,
    regions: region,
    instanceTypes: instanceType,
    maxPrice: flags.maxPrice,
    maxDuration: flags.maxDuration,
    spot: flags.spot,
    onDemand: flags.onDemand,
    spotAuto: flags.spotAuto,
    spotPolicy: flags.spotPolicy,
    retry: flags.retry,
    noRetry: flags.noRetry,
    retryDuration: flags.retryDuration,
    pool: flags.pool,
    instance: flags.instance,
    reuse: flags.reuse,
    dontDestroy: flags.dontDestroy,
    idleDuration: flags.idleDuration,
    env: flags.env,
  })
