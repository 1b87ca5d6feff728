import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { observationOf } from '#catalog/snapshot-manifest'
import { type InstanceType, type Offer, offerId } from '#domain/offer'
import { acceleratorZones, priceList, typeTable, typeZones } from './gcp-documents.ts'
import { machineOf } from './gcp-machines.ts'
import { type PricedType, type RegionPrice, readPrices } from './gcp-prices.ts'
import { saleOf } from './gcp-sales.ts'
import { type ListedType, type Places, readPlaces, readTypes } from './gcp-tables.ts'
import type { EmbeddedSource, Extraction, InputDocument } from './source.ts'

const backend = 'gcp'

const observation = observationOf(priceList)

const offerOf = (
  instanceType: InstanceType,
  region: string,
  spot: boolean,
  priceNanoUsd: number,
): Offer => ({
  id: offerId(backend, region, instanceType.name, spot),
  backend,
  region,
  instanceType,
  spot,
  priceNanoUsd,
  stock: 'unknown',
  observation,
})

/** An offer, or the reason why a figure of the price list is none. */
type Outcome = Offer | string

const outcomesOf = (
  type: PricedType,
  types: ReadonlyMap<string, ListedType>,
  places: Places,
): Outcome[] => {
  const machine = machineOf(type, types.get(type.name))
  const outcome = (price: RegionPrice, spot: boolean): Outcome => {
    if ('rejected' in machine) return machine.rejected
    const sale = saleOf(type.name, price, spot, places)
    return typeof sale === 'string' ? sale : offerOf(machine.instanceType, price.region, spot, sale)
  }
  return type.prices.flatMap((price) => [
    ...(price.onDemandUsd === null ? [] : [outcome(price, false)]),
    ...(price.spotUsd === null ? [] : [outcome(price, true)]),
  ])
}

const extractionOf = (outcomes: readonly Outcome[]): Extraction => {
  const offers: Offer[] = []
  const rejected = new Map<string, number>()
  for (const outcome of outcomes) {
    if (typeof outcome === 'string') rejected.set(outcome, (rejected.get(outcome) ?? 0) + 1)
    else offers.push(outcome)
  }
  return { offers, rowsRead: outcomes.length, rejected }
}

/** Google Compute Engine, on-demand and spot, per region. */
export const gcp: EmbeddedSource = {
  backend,
  inputs: [priceList, typeTable, typeZones, acceleratorZones],
  notes: [
    'GPUs that are attached to n1 machines (T4, P4, V100, P100) and TPUs are not included.',
    'Prices are per region; a type may be missing in some of its zones.',
    'Types that the zone lists of 2023 know are offered only in the regions of those lists, so regions opened later hold only newer types.',
    'Types newer than the zone lists are offered wherever they are priced; GPU machines among them (a3, g4) only where GPU spot prices exist.',
    'Prices of types with local SSD include it (a2-ultragpu, a3, z3, names with lssd): up to a percent more for a2-ultragpu and a3 than lists without it. No boot disk is included.',
    'a3-highgpu with fewer than 8 GPUs is offered only as spot: Google does not create it on demand.',
    'g4-standard-6, -12 and -24 hold an eighth, a quarter and a half of an RTX PRO 6000.',
    'Shared-core types (e2-micro, e2-small, e2-medium, f1-micro, g1-small) count the share of a vCPU that they may use for long.',
  ],
  extract(directory: string): Extraction {
    const read = (document: InputDocument): string =>
      readFileSync(join(directory, document.file), 'utf8')
    const types = readTypes(read(typeTable))
    const places = readPlaces(read(typeZones), read(acceleratorZones))
    const priced = readPrices(read(priceList))
    return extractionOf(priced.flatMap((type) => outcomesOf(type, types, places)))
  },
}
