import type { Variable } from '#domain/configuration'
import { ArgumentError } from '#domain/errors'
import { emptyProfileKeys, type ProfileKeys } from '#domain/profile'
import type { Range } from '#domain/range'
import { oneGpu, type GpuDemand } from '#domain/resources'
import { parseDuration, parseIdleTime, parseMaxDuration } from './duration.ts'
import { parseAssignment } from './env.ts'
import { checkGroups, type OverrideArguments } from './override-arguments.ts'
import { parsePrice } from './price.ts'
import { parseBackend, parseSpotPolicy } from './profile-schema.ts'
import { splitGpu } from './gpu-text.ts'
import { parseCountRange, parseDiskRange, parseMemoryRange } from './shorthand.ts'

/** What the command line says over the configuration and its profile; null where it says nothing. */
export interface Overrides {
  readonly cpu: Range | null
  readonly memoryMib: Range | null
  readonly diskMib: Range | null
  /** Replaces the fields it has of the configured demand, and leaves the others. */
  readonly gpu: Partial<GpuDemand> | null
  readonly keys: ProfileKeys
  readonly env: ReadonlyMap<string, Variable>
}

export const noOverrides: Overrides = {
  cpu: null,
  memoryMib: null,
  diskMib: null,
  gpu: null,
  keys: emptyProfileKeys,
  env: new Map(),
}

/** A demand as `--gpu` gives it: only what it names. */
const parseGpuOverride = (value: string | number): Partial<GpuDemand> => {
  const { name, count, memory } = splitGpu(String(value))
  return {
    ...(name === undefined ? {} : { names: name }),
    ...(count === undefined ? {} : { count: parseCountRange(count) }),
    ...(memory === undefined ? {} : { memoryMib: parseMemoryRange(memory) }),
  }
}

export const overrideGpu = (
  configured: GpuDemand | null,
  override: Partial<GpuDemand> | null,
): GpuDemand | null => (override ? { ...(configured ?? oneGpu), ...override } : configured)

/** Reads argument after argument and keeps what is wrong for the end. */
class ArgumentReader {
  readonly #wrong: ArgumentError[] = []

  read<In, Out>(flag: string, given: In | undefined, parse: (value: In) => Out): Out | null {
    if (given === undefined) return null
    try {
      return parse(given)
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error
      this.#wrong.push(new ArgumentError(`${flag}: ${error.message}`, { hint: error.hint }))
      return null
    }
  }

  each<Out>(
    flag: string,
    given: readonly string[] | undefined,
    parse: (value: string) => Out,
  ): readonly Out[] | null {
    const read = given?.map((value) => this.read(flag, value, parse)) ?? null
    return read?.filter((value) => value !== null) ?? null
  }

  finish(): void {
    const [first, ...others] = this.#wrong
    if (!first) return
    if (others.length === 0) throw first
    const lines = this.#wrong.map(({ message, hint }) =>
      hint === undefined ? message : `${message} (${hint})`,
    )
    throw new ArgumentError(`${lines.length} arguments are wrong:\n  ${lines.join('\n  ')}`)
  }
}

const keysOf = (given: OverrideArguments, reader: ArgumentReader): ProfileKeys => {
  const retryDuration = reader.read('--retry-duration', given.retryDuration, parseDuration)
  const retry = given.retry === true || retryDuration !== null
  return {
    backends: reader.each('--backend', given.backends, parseBackend),
    regions: given.regions ?? null,
    instanceTypes: given.instanceTypes ?? null,
    spotPolicy:
      reader.read('--spot-policy', given.spotPolicy, parseSpotPolicy) ??
      (given.spot === true ? 'spot' : null) ??
      (given.onDemand === true ? 'on-demand' : null) ??
      (given.spotAuto === true ? 'auto' : null),
    retryPolicy: retry || given.noRetry === true ? { retry, durationSeconds: retryDuration } : null,
    maxDuration: reader.read('--max-duration', given.maxDuration, parseMaxDuration),
    maxPriceNanoUsd: reader.read('--max-price', given.maxPrice, parsePrice),
    poolName: given.pool ?? null,
    instanceName: given.instance ?? null,
    creationPolicy: given.reuse === true ? 'reuse' : null,
    terminationPolicy: given.dontDestroy === true ? 'dont-destroy' : null,
    terminationIdleTimeSeconds: reader.read('--idle-duration', given.idleDuration, parseIdleTime),
  }
}

/** Reads what the command line gives. Throws one ArgumentError that names every wrong flag. */
export const readOverrides = (given: OverrideArguments): Overrides => {
  const reader = new ArgumentReader()
  reader.read('arguments', given, checkGroups)
  const overrides = {
    cpu: reader.read('--cpu', given.cpu, parseCountRange),
    memoryMib: reader.read('--memory', given.memory, parseMemoryRange),
    diskMib: reader.read('--disk', given.disk, parseDiskRange),
    gpu: reader.read('--gpu', given.gpu, parseGpuOverride),
    keys: keysOf(given, reader),
    env: new Map(reader.each('--env', given.env, parseAssignment) ?? []),
  }
  reader.finish()
  return overrides
}
