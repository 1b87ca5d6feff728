/** What a run would use and cost, as dstack's users know it, before the question. */
import type { EffectiveKeys } from '#api/configuration'
import { printMemory } from '#domain/memory'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { describeRange } from '#cli/describe'
import { visible } from '#cli/text-width'
import { type Column, rowPrinter } from './columns.ts'

export interface RunPlan {
  readonly file: string
  readonly keys: EffectiveKeys
  readonly requirements: Requirements
  /** Best first, all that match. */
  readonly offers: readonly Offer[]
  readonly shown: number
}

const hours = (seconds: number): string => `${Number((seconds / 3600).toPrecision(6))}h`

const gpuText = (gpu: GpuRequirement): string => {
  const more = [
    gpu.memoryMib && describeRange(gpu.memoryMib, printMemory),
    gpu.totalMemoryMib && `total ${describeRange(gpu.totalMemoryMib, printMemory)}`,
    gpu.computeCapability?.join('.') ?? null,
  ].filter((part) => part !== null)
  const name = gpu.names?.map(visible).join(',') ?? 'GPU'
  return `${describeRange(gpu.count) ?? '0..'}x${name}${more.length > 0 ? ` (${more.join(', ')})` : ''}`
}

const minResources = ({ cpu, memoryMib, gpu, diskMib }: Requirements): string =>
  [
    `${describeRange(cpu) ?? '0..'}xCPU`,
    describeRange(memoryMib, printMemory) ?? '0GB..',
    ...(gpu === null ? [] : [gpuText(gpu)]),
    ...(diskMib === null ? [] : [`${describeRange(diskMib, printMemory) ?? '0GB..'} (disk)`]),
  ].join(', ')

const retryText = ({ retryPolicy: { retry, durationSeconds } }: EffectiveKeys): string => {
  if (!retry) return 'no'
  return durationSeconds === null ? 'yes' : hours(durationSeconds)
}

/** In the order that they are printed in. */
const runPlanPairs = (plan: RunPlan): readonly (readonly [string, string])[] => {
  const { keys, requirements } = plan
  const price = requirements.maxPriceNanoUsd
  const keeps = keys.terminationPolicy === 'dont-destroy'
  return [
    ['Configuration', visible(plan.file)],
    ['Pool name', visible(keys.poolName ?? 'default-pool')],
    ['Min resources', minResources(requirements)],
    ['Max price', price === null ? '-' : `$${printUsd(price)}`],
    ['Max duration', keys.maxDuration === 'off' ? '-' : hours(keys.maxDuration)],
    ['Spot policy', keys.spotPolicy],
    ['Retry policy', retryText(keys)],
    ['Creation policy', keys.creationPolicy],
    ['Termination policy', keys.terminationPolicy],
    ['Termination idle time', keeps ? '-' : `${keys.terminationIdleTimeSeconds}s`],
  ]
}

const resourcesOf = ({ instanceType: type }: Offer, { diskMib }: Requirements): string => {
  const gb = (mib: number): string => `${Math.round(mib / 1024)}GB`
  const disk = type.diskMib ?? diskMib?.min ?? null
  return [
    `${type.cpus}xCPU`,
    type.memoryMib < 1024 ? printMemory(type.memoryMib) : gb(type.memoryMib),
    ...(type.gpu === null
      ? []
      : [`${type.gpuCount}x${visible(type.gpu.name)} (${gb(type.gpu.memoryMib)})`]),
    ...(disk === null ? [] : [`${gb(disk)} (disk)`]),
  ].join(', ')
}

const priceText = (nanoUsd: number | null): string =>
  nanoUsd === null ? '?' : `$${printUsd(nanoUsd)}`

const columnsOf = ({ offers, shown, requirements }: RunPlan): readonly Column[] => {
  const some = offers.slice(0, shown)
  const column = (heading: string, cell: (offer: Offer, rank: number) => string): Column => ({
    heading,
    align: 'left',
    cells: some.map(cell),
  })
  return [
    column('#', (_, rank) => String(rank + 1)),
    column('BACKEND', ({ backend }) => visible(backend)),
    column('REGION', ({ region }) => visible(region ?? '?')),
    column('INSTANCE', ({ instanceType }) => visible(instanceType.name)),
    column('RESOURCES', (offer) => resourcesOf(offer, requirements)),
    column('SPOT', ({ spot }) => (spot ? 'yes' : 'no')),
    column('PRICE', ({ priceNanoUsd }) => priceText(priceNanoUsd)),
    column('', ({ stock }) => (stock === 'none' ? 'not available' : '')),
  ]
}

const tailOf = ({ offers, shown }: RunPlan): readonly string[] => {
  if (offers.length <= shown) return []
  const known = offers.flatMap(({ priceNanoUsd }) => priceNanoUsd ?? [])
  const dearest = known.length === 0 ? '?' : `$${printUsd(Math.max(...known))}`
  return ['   ...', `Shown ${shown} of ${offers.length} offers, ${dearest} max`]
}

export const printRunPlan = (plan: RunPlan): string => {
  const pairs = runPlanPairs(plan)
  const head = pairs.map(([label, value]) => `${label.padEnd(23)}${value}`)
  const print = rowPrinter(columnsOf(plan))
  const rows = plan.offers.slice(0, plan.shown).map((_, row) => print(row))
  const lines = [...head, '', print(-1), ...rows, ...tailOf(plan)]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
