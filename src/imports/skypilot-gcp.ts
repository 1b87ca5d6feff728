/** What Google's part of SkyPilot's catalogs leaves to its reader. */
import type { InstanceType } from '#domain/offer'
import type { KnownOffers } from './reading.ts'
import type { SkypilotRow } from './skypilot-row.ts'

/** Priced there by the vCPUs that the guest sees; Google bills the share they may use. */
const sharedCore = /^e2-(?:micro|small|medium)$/

/** Families that are built around accelerators (g1 is not: a shared-core machine). */
const acceleratorFamily = /^(?:a\d+x?|g(?:[2-9]|\d{2,})|ct\d+\w*|tpu\w*)-/

/** These have an on-demand price and cannot be created on demand. */
const notOnDemand = /^(?:a3-highgpu-[1-7]g|a3-ultragpu-.*|a4x?-.*)$/

/** Under which name the accelerators of a machine are priced. */
const acceleratorName = ({ name, gpu }: InstanceType): string => {
  if (gpu?.name === 'A100' && gpu.memoryMib > 48 * 1024) return 'A100-80GB'
  return gpu?.name === 'H100' && name.includes('megagpu') ? 'H100-MEGA' : (gpu?.name ?? '')
}

const keyOf = (accelerator: string, count: number, zone: string): string =>
  `${accelerator} ${count} ${zone}`

/** Prices of accelerators alone, by name, number and zone. */
export type AcceleratorPrices = ReadonlyMap<string, SkypilotRow>

export const acceleratorPrices = (rows: readonly SkypilotRow[]): AcceleratorPrices =>
  new Map(
    rows
      .filter(({ instanceType, accelerator }) => instanceType === '' && accelerator !== '')
      .map((row) => [keyOf(row.accelerator, row.acceleratorCount, row.zone), row]),
  )

interface Prices {
  readonly onDemand: number | string
  readonly spot: number | string
}

const sum = (machine: number | null, accelerators: number | null): number | string =>
  machine && accelerators ? machine + accelerators : 'a part of the price is missing'

/** Where a machine's spot accelerators cost more than on demand, one of the two is another tariff. */
const isDoubtful = ({ onDemand, spot }: SkypilotRow): boolean =>
  onDemand !== null && spot !== null && spot > onDemand

/**
 * In a good part of the zones the accelerators' on-demand price is that of reservations in advance,
 * about half: 43 for eight H100 that cost 88. No region is that much cheaper than the cheapest known.
 */
const leastShareOfKnown = 0.75

const onDemandOf = (
  { name }: InstanceType,
  price: number | string,
  known: KnownOffers,
): number | string => {
  if (notOnDemand.test(name)) return 'not to be had on demand'
  const least = known.leastNanoUsd(name)
  return typeof price === 'number' && least !== null && price < leastShareOfKnown * least
    ? 'on-demand price of another tariff, far below the known ones'
    : price
}

/** Both prices of a machine with its accelerators, or why there is none. */
const withAccelerators = (
  row: SkypilotRow,
  machine: InstanceType,
  prices: AcceleratorPrices,
  known: KnownOffers,
): Prices | string => {
  const accelerators = prices.get(keyOf(acceleratorName(machine), machine.gpuCount, row.zone))
  if (accelerators === undefined) return 'the price of the accelerators in the zone is missing'
  if (isDoubtful(accelerators)) return 'accelerators dearer as spot than on demand'
  return {
    onDemand: onDemandOf(machine, sum(row.onDemand, accelerators.onDemand), known),
    spot: sum(row.spot, accelerators.spot),
  }
}

/** A machine of Google with its prices, or why the row gives none. `machine` is null where not known. */
export const gcpPrices = (
  row: SkypilotRow,
  machine: InstanceType | null,
  prices: AcceleratorPrices,
  known: KnownOffers,
): Prices | string => {
  if (sharedCore.test(row.instanceType)) return 'shared-core machine priced by whole vCPUs'
  if (machine === null && acceleratorFamily.test(row.instanceType)) return 'accelerators unknown'
  if (machine !== null && machine.gpu !== null) {
    return withAccelerators(row, machine, prices, known)
  }
  const none = 'no price above zero'
  return { onDemand: row.onDemand || none, spot: row.spot || none }
}
