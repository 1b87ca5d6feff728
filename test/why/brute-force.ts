/**
 * Relaxations by their definition, written apart from the product: every set of at most three
 * filters, every value an offer has, and of what admits an offer, whatever nothing lesser admits.
 */
import type { GpuVendor } from '#domain/gpu'
import type { Offer } from '#domain/offer'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { bySortKey } from '../offer-order.ts'

interface Knob {
  readonly name: string
  readonly asked: (requirements: Requirements) => boolean
  readonly set: (requirements: Requirements, to: number | null) => Requirements
  /** Undefined for what is dropped and never moved. */
  readonly bound?: {
    readonly value: (offer: Offer) => number | null
    readonly isBeyond: (value: number, requirements: Requirements) => boolean
    readonly up: boolean
  }
}

const gpuKnob = (
  name: string,
  asked: (gpu: GpuRequirement) => boolean,
  set: (gpu: GpuRequirement, to: number | null) => GpuRequirement,
  bound?: Knob['bound'],
): Knob => ({
  name,
  asked: ({ gpu }) => gpu !== null && asked(gpu),
  set: (requirements, to) => ({
    ...requirements,
    gpu: requirements.gpu && set(requirements.gpu, to),
  }),
  ...(bound && { bound }),
})

const positive = (value: number | null | undefined): boolean => (value ?? 0) > 0
const given = (value: number | null | undefined): boolean => (value ?? null) !== null

const down = (
  value: (offer: Offer) => number | null,
  bound: (requirements: Requirements) => number | null | undefined,
): NonNullable<Knob['bound']> => ({
  value,
  isBeyond: (one, requirements) => one < (bound(requirements) ?? 0),
  up: false,
})
const up = (
  value: (offer: Offer) => number | null,
  bound: (requirements: Requirements) => number | null | undefined,
): NonNullable<Knob['bound']> => ({
  value,
  isBeyond: (one, requirements) => one > (bound(requirements) ?? Infinity),
  up: true,
})

const count = ({ instanceType }: Offer): number => instanceType.gpuCount
const memory = ({ instanceType }: Offer): number => instanceType.gpu?.memoryMib ?? 0
const total = (offer: Offer): number => count(offer) * memory(offer)
const capability = ({ instanceType: { gpu } }: Offer): number | null =>
  gpu?.computeCapability ? gpu.computeCapability[0] * 1000 + gpu.computeCapability[1] : null

const knobsWith = (unnamedVendors: readonly GpuVendor[] | null): readonly Knob[] => [
  gpuKnob(
    'gpu-names',
    (gpu) => gpu.names !== null,
    (gpu) => ({ ...gpu, names: null, vendors: gpu.vendors ?? unnamedVendors }),
  ),
  gpuKnob(
    'gpu-vendors',
    (gpu) => gpu.vendors !== null,
    (gpu) => ({ ...gpu, vendors: null }),
  ),
  gpuKnob(
    'gpu-count-min',
    (gpu) => positive(gpu.count.min),
    (gpu, to) => ({ ...gpu, count: { ...gpu.count, min: to } }),
    down(count, ({ gpu }) => gpu?.count.min),
  ),
  gpuKnob(
    'gpu-count-max',
    (gpu) => given(gpu.count.max),
    (gpu, to) => ({ ...gpu, count: { ...gpu.count, max: to } }),
    up(count, ({ gpu }) => gpu?.count.max),
  ),
  gpuKnob(
    'gpu-memory-min',
    (gpu) => positive(gpu.memoryMib?.min),
    (gpu, to) => ({ ...gpu, memoryMib: { min: to, max: gpu.memoryMib?.max ?? null } }),
    down(memory, ({ gpu }) => gpu?.memoryMib?.min),
  ),
  gpuKnob(
    'gpu-memory-max',
    (gpu) => given(gpu.memoryMib?.max),
    (gpu, to) => ({ ...gpu, memoryMib: { min: gpu.memoryMib?.min ?? null, max: to } }),
    up(memory, ({ gpu }) => gpu?.memoryMib?.max),
  ),
  gpuKnob(
    'gpu-total-memory-min',
    (gpu) => positive(gpu.totalMemoryMib?.min),
    (gpu, to) => ({ ...gpu, totalMemoryMib: { min: to, max: gpu.totalMemoryMib?.max ?? null } }),
    down(total, ({ gpu }) => gpu?.totalMemoryMib?.min),
  ),
  gpuKnob(
    'gpu-total-memory-max',
    (gpu) => given(gpu.totalMemoryMib?.max),
    (gpu, to) => ({ ...gpu, totalMemoryMib: { min: gpu.totalMemoryMib?.min ?? null, max: to } }),
    up(total, ({ gpu }) => gpu?.totalMemoryMib?.max),
  ),
  gpuKnob(
    'gpu-capability',
    (gpu) => gpu.computeCapability !== null,
    (gpu, to) => ({
      ...gpu,
      computeCapability: to === null ? null : [Math.floor(to / 1000), to % 1000],
    }),
    down(capability, ({ gpu }) => {
      const [major, minor] = gpu?.computeCapability ?? [0, 0]
      return major * 1000 + minor
    }),
  ),
  {
    name: 'backends',
    asked: ({ backends }) => backends !== null,
    set: (requirements) => ({ ...requirements, backends: null }),
  },
  {
    name: 'regions',
    asked: ({ regions }) => regions !== null,
    set: (requirements) => ({ ...requirements, regions: null }),
  },
  {
    name: 'instance-types',
    asked: ({ instanceTypes }) => instanceTypes !== null,
    set: (requirements) => ({ ...requirements, instanceTypes: null }),
  },
  {
    name: 'spot',
    asked: ({ spot }) => spot !== null,
    set: (requirements) => ({ ...requirements, spot: null }),
  },
  {
    name: 'cpu-min',
    asked: ({ cpu }) => positive(cpu.min),
    set: (requirements, to) => ({ ...requirements, cpu: { ...requirements.cpu, min: to } }),
    bound: down(
      ({ instanceType }) => Math.floor(instanceType.cpus),
      ({ cpu }) => cpu.min,
    ),
  },
  {
    name: 'cpu-max',
    asked: ({ cpu }) => given(cpu.max),
    set: (requirements, to) => ({ ...requirements, cpu: { ...requirements.cpu, max: to } }),
    bound: up(
      ({ instanceType }) => Math.ceil(instanceType.cpus),
      ({ cpu }) => cpu.max,
    ),
  },
  {
    name: 'memory-min',
    asked: ({ memoryMib }) => positive(memoryMib.min),
    set: (asked, to) => ({ ...asked, memoryMib: { ...asked.memoryMib, min: to } }),
    bound: down(
      ({ instanceType }) => instanceType.memoryMib,
      ({ memoryMib }) => memoryMib.min,
    ),
  },
  {
    name: 'memory-max',
    asked: ({ memoryMib }) => given(memoryMib.max),
    set: (asked, to) => ({ ...asked, memoryMib: { ...asked.memoryMib, max: to } }),
    bound: up(
      ({ instanceType }) => instanceType.memoryMib,
      ({ memoryMib }) => memoryMib.max,
    ),
  },
  {
    name: 'disk-min',
    asked: ({ diskMib }) => positive(diskMib?.min),
    set: (asked, to) => ({ ...asked, diskMib: { min: to, max: asked.diskMib?.max ?? null } }),
    bound: down(
      ({ instanceType: { diskMib } }) => (diskMib === null || diskMib < 51_200 ? null : diskMib),
      ({ diskMib }) => diskMib?.min,
    ),
  },
  {
    name: 'disk-max',
    asked: ({ diskMib }) => given(diskMib?.max),
    set: (asked, to) => ({ ...asked, diskMib: { min: asked.diskMib?.min ?? null, max: to } }),
    bound: up(
      ({ instanceType }) => instanceType.diskMib,
      ({ diskMib }) => diskMib?.max,
    ),
  },
  {
    name: 'max-price',
    asked: ({ maxPriceNanoUsd }) => maxPriceNanoUsd !== null,
    set: (requirements, to) => ({ ...requirements, maxPriceNanoUsd: to }),
    bound: up(
      ({ priceNanoUsd }) => priceNanoUsd,
      ({ maxPriceNanoUsd }) => maxPriceNanoUsd,
    ),
  },
]

type Move = readonly [knob: Knob, to: number | null]

const setAll = (requirements: Requirements, moves: readonly Move[]): Requirements =>
  moves.reduce((changed, [knob, to]) => knob.set(changed, to), requirements)

const admits = (requirements: Requirements, offers: readonly Offer[]): readonly Offer[] => {
  const constraints = lower(requirements)
  return offers.filter((offer) => matches(constraints, offer))
}

const subsets = <T>(from: readonly T[], most: number): readonly (readonly T[])[] =>
  from.reduce<readonly (readonly T[])[]>(
    (all, one) => [...all, ...all.filter((set) => set.length < most).map((set) => [...set, one])],
    [[]],
  )

/** Where a knob may go for one of the offers: the values beyond its bound, and dropped. */
const stops = (
  knob: Knob,
  requirements: Requirements,
  offers: readonly Offer[],
): readonly Move[] => {
  const { bound } = knob
  if (knob.name === 'gpu-vendors') return []
  if (bound === undefined) return [[knob, null]]
  const values = offers.map(bound.value).filter((value) => value !== null)
  const beyond = [...new Set(values)].filter((value) => bound.isBeyond(value, requirements))
  // An accelerator stays asked for: neither a least count of 0 nor none at all.
  if (knob.name === 'gpu-count-min')
    return beyond.filter((value) => value > 0).map((value) => [knob, value])
  return [...beyond.map((value): Move => [knob, value]), [knob, null]]
}

const products = (choices: readonly (readonly Move[])[]): readonly (readonly Move[])[] =>
  choices.reduce<readonly (readonly Move[])[]>(
    (all, moves) => all.flatMap((before) => moves.map((move) => [...before, move])),
    [[]],
  )

const isNoFurther = (low: readonly Move[], high: readonly Move[]): boolean =>
  low.every(([knob, to]) => {
    const other = high.find(([one]) => one === knob)
    if (other === undefined) return false
    if (other[1] === null || to === other[1]) return true
    return to !== null && (knob.bound?.up === true ? to <= other[1] : to >= other[1])
  })

export interface Found {
  readonly changes: string
  readonly size: number
  readonly offers: number
  readonly added: number
  readonly cheapest: string
  readonly cheapestAdded: string
  readonly bounds: number
}

export const bruteForce = (
  requirements: Requirements,
  offers: readonly Offer[],
  unnamedVendors: readonly GpuVendor[] | null,
): {
  readonly asked: readonly string[]
  readonly matched: number
  readonly found: readonly Found[]
} => {
  const asked = knobsWith(unnamedVendors).filter((knob) => knob.asked(requirements))
  const matching = new Set(admits(requirements, offers))
  const others = offers.filter((offer) => !matching.has(offer))
  const working: (readonly Move[])[] = []
  for (const set of subsets(asked, 3).filter(({ length }) => length > 0)) {
    const dropped = setAll(
      requirements,
      set.map((knob) => [knob, null]),
    )
    const within = admits(dropped, others)
    if (within.length === 0) continue
    const all = products(set.map((knob) => stops(knob, requirements, within)))
    working.push(...all.filter((moves) => admits(setAll(requirements, moves), within).length > 0))
  }
  const least = working.filter(
    (moves) => !working.some((other) => other !== moves && isNoFurther(other, moves)),
  )
  return {
    asked: asked.map(({ name }) => name),
    matched: matching.size,
    found: least.map((moves) => {
      const after = admits(setAll(requirements, moves), offers).toSorted(bySortKey)
      return {
        changes: moves.map(([knob, to]) => `${knob.name} ${String(to)}`).join(', '),
        size: moves.length,
        offers: after.length,
        added: after.filter((offer) => !matching.has(offer)).length,
        cheapest: after[0]?.id ?? '',
        cheapestAdded: after.find((offer) => !matching.has(offer))?.id ?? '',
        bounds: moves.filter(([, to]) => to !== null).length,
      }
    }),
  }
}
