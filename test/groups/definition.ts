/** What groups are, written out apart from the product: filter, part, count, one offer at a time. */
import { backendNames } from '#domain/backend'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Grouping } from '#groups/grouping'
import { lower } from '#query/lower'
import { matches } from '#query/matches'

const rankOf = (backend: string): number => {
  const listed = (backendNames as readonly string[]).indexOf(backend)
  return listed < 0 ? backendNames.length : listed
}

type Key = readonly (number | string)[]

const compareKeys = (left: Key, right: Key): number => {
  for (const [index, key] of left.entries()) {
    const other = right[index] ?? ''
    if (key < other) return -1
    if (key > other) return 1
  }
  return 0
}

const offerKey = (offer: Offer): Key => [
  offer.stock === 'none' ? 1 : 0,
  offer.priceNanoUsd ?? Infinity,
  rankOf(offer.backend),
  offer.backend,
  offer.instanceType.name,
  offer.spot ? 1 : 0,
  offer.region ?? '',
]

const parted = (offers: readonly Offer[], grouping: Grouping): readonly Offer[][] => {
  const groups = new Map<string, Offer[]>()
  for (const offer of offers) {
    const { gpu, gpuCount } = offer.instanceType
    const key = JSON.stringify([
      gpu && [gpu.name, gpu.memoryMib, gpu.vendor],
      grouping.count && gpuCount,
      grouping.backend && offer.backend,
      grouping.region && offer.region,
    ])
    groups.set(key, [...(groups.get(key) ?? []), offer])
  }
  return [...groups.values()]
}

const rangeOf = (figures: readonly number[]) =>
  figures.length === 0 ? null : { min: Math.min(...figures), max: Math.max(...figures) }

const known = (offers: readonly Offer[]): readonly number[] =>
  offers.map((offer) => offer.priceNanoUsd).filter((price) => price !== null)

/** Rounded to the nearest nano-USD through BigInt, halves up. */
const divided = (price: number, by: number, times = 1): number =>
  Number((2n * BigInt(price) * BigInt(times) + BigInt(by)) / (2n * BigInt(by)))

const perGpu = (offers: readonly Offer[]): readonly number[] =>
  offers.flatMap(({ priceNanoUsd, instanceType: { gpuCount } }) =>
    priceNanoUsd === null || gpuCount === 0 ? [] : [divided(priceNanoUsd, gpuCount)],
  )

const inStock = (offers: readonly Offer[]) => offers.filter(({ stock }) => stock !== 'none')

/** The least price of what is in stock, where anything is. */
const fromOf = (offers: readonly Offer[]): number => {
  const sold = inStock(offers).length > 0 ? inStock(offers) : offers
  return Math.min(...(sold[0]?.instanceType.gpu ? perGpu(sold) : known(sold)))
}

const backendKey = (name: string, offers: readonly Offer[]): Key => {
  const own = offers.filter(({ backend }) => backend === name)
  return [inStock(own).length > 0 ? 0 : 1, fromOf(own), rankOf(name), name]
}

const groupOf = (offers: readonly Offer[], grouping: Grouping) => {
  const gpu = offers[0]?.instanceType.gpu ?? null
  const unit = rangeOf(perGpu(offers))
  const names = [...new Set(offers.map(({ backend }) => backend))]
  const regions = [...new Set(offers.map(({ region }) => region))]
  return {
    gpu,
    gpuCount: rangeOf(offers.map(({ instanceType }) => instanceType.gpuCount)),
    backends: names.sort((left, right) =>
      compareKeys(backendKey(left, offers), backendKey(right, offers)),
    ),
    regions: grouping.backend
      ? [
          ...regions.filter((region) => region !== null).sort(),
          ...(regions.includes(null) ? [null] : []),
        ]
      : null,
    spot: offers.some(({ spot }) => spot),
    onDemand: offers.some(({ spot }) => !spot),
    offers: offers.length,
    available: inStock(offers).length,
    unknownPrices: offers.length - known(offers).length,
    price: rangeOf(known(offers)),
    perGpu: unit,
    perMemoryGb:
      unit && gpu
        ? {
            min: divided(unit.min, gpu.memoryMib, 1024),
            max: divided(unit.max, gpu.memoryMib, 1024),
          }
        : null,
    first: offers.toSorted((left, right) => compareKeys(offerKey(left), offerKey(right)))[0]?.id,
  }
}

type DefinedGroup = ReturnType<typeof groupOf>

const groupKey = (
  { available, perGpu, price, gpu, gpuCount, ...group }: DefinedGroup,
  offers: readonly Offer[],
): Key => [
  available > 0 ? 0 : 1,
  gpu === null ? 1 : 0,
  fromOf(offers),
  perGpu?.min ?? Infinity,
  perGpu?.max ?? Infinity,
  price?.min ?? Infinity,
  price?.max ?? Infinity,
  gpu?.name ?? '',
  gpu?.memoryMib ?? 0,
  gpu?.vendor ?? '',
  gpuCount?.min ?? 0,
  rankOf(group.backends[0] ?? ''),
  group.backends[0] ?? '',
  group.regions?.[0] ?? '',
]

export const definedGroups = (
  offers: readonly Offer[],
  requirements: Requirements,
  grouping: Grouping,
): readonly DefinedGroup[] =>
  parted(
    offers.filter((offer) => matches(lower(requirements), offer)),
    grouping,
  )
    .map((part) => {
      const group = groupOf(part, grouping)
      return { group, key: groupKey(group, part) }
    })
    .toSorted((left, right) => compareKeys(left.key, right.key))
    .map(({ group }) => group)
