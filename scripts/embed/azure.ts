import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { observationOf } from '#catalog/snapshot-manifest'
import type { Offer } from '#domain/offer'
import { readMeter, readMeters, type Meter, type SizesByKey } from './azure-meters.ts'
import { pricedNames, readOnDemand } from './azure-on-demand.ts'
import { regionName, type Outcome } from './azure-outcome.ts'
import { readSizes, type Size } from './azure-sizes.ts'
import { sizeKey } from './azure-spelling.ts'
import type { EmbeddedSource, Extraction, InputDocument } from './source.ts'
import { newTally } from './tally.ts'

const priceList: InputDocument = {
  key: 'price-list',
  file: 'azure/on-demand.csv',
  repository: 'Azure/karpenter-provider-azure',
  path: 'pkg/providers/pricing/zz_generated.pricing.go',
  commit: '352646f',
  observedOn: '2026-06-18',
  licence: 'Apache-2.0',
}

const meterList: InputDocument = {
  key: 'retail-meters',
  file: 'azure/retail-meters',
  repository: 'andy-diericks/azure-pricing-radar',
  path: 'data/latest/',
  commit: 'cf741f2',
  observedOn: '2026-08-20',
  licence: 'MIT',
}

const sizeTable: InputDocument = {
  key: 'sizes',
  file: 'azure/instance-types.csv',
  repository: 'learn.microsoft.com',
  path: 'azure/virtual-machines/sizes',
  commit: '-',
  observedOn: '2026-05-20',
  licence: 'facts',
}

const allMeters = (directory: string): readonly Meter[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => readMeters(readFileSync(join(directory, file), 'utf8'), file))

const byKey = (sizes: ReadonlyMap<string, Size>, names: readonly string[]): SizesByKey =>
  new Map([
    ...names.map((name) => [sizeKey(name), null] as const),
    ...[...sizes].map(([name, size]) => [sizeKey(name), size] as const),
  ])

/** Counts the rejects, and turns a second price for the same offer into one more. */
const extractionOf = (outcomes: readonly Outcome[]): Extraction => {
  const offers = new Map<string, Offer>()
  const tally = newTally()
  for (const outcome of outcomes) {
    if ('reason' in outcome) tally.reject(outcome.reason)
    else if (offers.has(outcome.offer.id)) tally.reject('second price of the same offer')
    else offers.set(outcome.offer.id, outcome.offer)
  }
  return { offers: [...offers.values()], rowsRead: outcomes.length, rejected: tally.counts }
}

export const azure: EmbeddedSource = {
  backend: 'azure',
  inputs: [priceList, meterList, sizeTable],
  notes: [
    'Spot prices in belgiumcentral, francecentral, northeurope and westeurope only.',
    'Linux prices; sizes whose Linux price no second source confirms are left out where Windows prices are known to be mixed in.',
    'Parts of a card (A10-1/6, MI25-1/8, RTXPRO6000-1/4) are models of their own.',
    'FPGA sizes (NP, PB), dedicated hosts, the Basic tier and NC8ads_A10_v4 are left out.',
  ],
  extract(directory) {
    const priceText = readFileSync(join(directory, priceList.file), 'utf8')
    const sizes = readSizes(readFileSync(join(directory, sizeTable.file), 'utf8'))
    const meters = allMeters(join(directory, meterList.file))
    const sizesByKey = byKey(sizes, pricedNames(priceText))
    const metered = new Set(meters.map((meter) => regionName(meter.armRegionName)))
    const observation = observationOf(meterList)
    return extractionOf([
      ...readOnDemand(priceText, sizes, metered, observationOf(priceList)),
      ...meters.map((meter) => readMeter(meter, sizesByKey, observation)),
    ])
  },
}
