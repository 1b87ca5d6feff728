/** Prices joined with machines, and with credentials with what the account has in the region. */
import type { InstanceType } from '#domain/offer'
import { nanoOfUsd } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportTables, PageOffers } from '#backends/kit/importer'
import { sealPages } from '#backends/kit/seal'
import { awsReadiness } from './credentials.ts'
import type { RegionView } from './ec2.ts'
import { type AwsPage, fetchPages, indexList } from './fetch-pages.ts'
import { describedMachine, listedMachine } from './machines.ts'
import type { PriceRow } from './schema.ts'
import { fetchInterruption } from './spot-advice.ts'
import { spotPricesOf } from './spot-prices.ts'

type Machines = (row: PriceRow) => InstanceType | string

const machinesOf = (view: RegionView | null, tables: ImportTables): Machines => {
  if (view === null) return (row) => listedMachine(row, tables)
  const types = new Map(view.types.map((type) => [type.instanceType, type]))
  return ({ instanceType: name }) => {
    const type = types.get(name)
    if (!type) return 'priced, but not described'
    if (!view.inZones.has(name)) return 'priced, but in no zone of the region'
    return describedMachine(type, tables)
  }
}

const addPrice = (
  gathering: Gathering,
  row: PriceRow,
  region: string,
  machines: Machines,
): void => {
  const { instanceType: name, market, region: named } = row
  if (named !== region) return gathering.reject('of a zone or another region', name)
  if (market !== 'OnDemand') return gathering.reject('capacity block', name)
  const machine = machines(row)
  if (typeof machine === 'string') return gathering.reject(machine, name)
  gathering.offer({
    region,
    instanceType: machine,
    spot: false,
    priceNanoUsd: nanoOfUsd(row.price),
    stock: 'unknown',
  })
}

const addSpot = (
  gathering: Gathering,
  view: RegionView,
  region: string,
  tables: ImportTables,
): void => {
  const types = new Map(view.types.map((type) => [type.instanceType, type]))
  for (const [name, priceNanoUsd] of spotPricesOf(view.spot)) {
    const type = types.get(name)
    const machine = type && view.inZones.has(name) ? describedMachine(type, tables) : null
    if (machine === null) gathering.reject('spot price of a type in no zone', name)
    else if (typeof machine === 'string') gathering.reject(machine, name)
    else
      gathering.offer({ region, instanceType: machine, spot: true, priceNanoUsd, stock: 'unknown' })
  }
}

const toOffers = (page: AwsPage, tables: ImportTables): PageOffers => {
  const gathering = newGathering('aws', page.observation, page.malformed)
  if (page.kind === 'skipped') {
    for (const { reason, row } of page.skipped) gathering.reject(reason, row)
    return gathering.end()
  }
  const machines = machinesOf(page.view, tables)
  for (const row of page.prices) addPrice(gathering, row, page.region, machines)
  if (page.view !== null) addSpot(gathering, page.view, page.region, tables)
  return gathering.end()
}

export const awsImporter: Importer<AwsPage> = {
  traits: {
    kind: 'bulk',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 50, atOnce: 1 },
    gives: { spot: true, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'optional',
  },
  readiness: awsReadiness,
  fetch: fetchPages,
  fetchInterruption,
  toOffers,
  seal: (summary) =>
    sealPages(summary, { expected: [indexList], emptyResult: 'suspicious', fullLists: true }),
}
