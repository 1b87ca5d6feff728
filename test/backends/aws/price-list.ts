/** Price lists in the shape of AWS's: its columns of September 2025, and the rows around every price. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Row } from '../../contract/importer-case.ts'

const columns =
  'SKU,OfferTermCode,RateCode,TermType,PriceDescription,EffectiveDate,StartingRange,EndingRange,Unit,' +
  'PricePerUnit,Currency,RelatedTo,LeaseContractLength,PurchaseOption,OfferingClass,Product Family,' +
  'serviceCode,Location,Location Type,Instance Type,Current Generation,Instance Family,vCPU,' +
  'Physical Processor,Clock Speed,Memory,Storage,Network Performance,Processor Architecture,Tenancy,' +
  'EBS Optimized,Operating System,License Model,usageType,operation,CapacityStatus,GPU,GPU Memory,' +
  'MarketOption,Pre Installed S/W,Region Code,serviceName'

interface Sale {
  readonly region: string
  readonly type: string
  readonly usd: string
  readonly current: string
  readonly cpus: string
  readonly memory: string
  readonly gpus: string
  readonly processor: string
}

const sales = parse<Sale>(readFileSync('test/backends/aws/fixtures/sales.csv'), { columns: true })

const plainRow = (sale: Sale, sku: string): Row => ({
  SKU: sku,
  OfferTermCode: 'JRTCKXETXF',
  RateCode: `${sku}.JRTCKXETXF.6YS6EN2CT7`,
  TermType: 'OnDemand',
  PriceDescription: `$${sale.usd} per On Demand Linux ${sale.type} Instance Hour, first "hour"`,
  EffectiveDate: '2026-07-01',
  StartingRange: '0',
  EndingRange: 'Inf',
  Unit: 'Hrs',
  PricePerUnit: sale.usd,
  Currency: 'USD',
  'Product Family': 'Compute Instance',
  serviceCode: 'AmazonEC2',
  Location: `the place, ${sale.region}`,
  'Location Type': 'AWS Region',
  'Instance Type': sale.type,
  'Current Generation': sale.current,
  vCPU: sale.cpus,
  'Physical Processor': sale.processor,
  Memory: sale.memory,
  'Processor Architecture': '64-bit',
  Tenancy: 'Shared',
  'Operating System': 'Linux',
  'License Model': 'No License required',
  usageType: `BoxUsage:${sale.type}`,
  operation: 'RunInstances',
  CapacityStatus: 'Used',
  GPU: sale.gpus,
  MarketOption: 'OnDemand',
  'Pre Installed S/W': 'NA',
  'Region Code': sale.region,
  serviceName: 'Amazon Elastic Compute Cloud',
})

/** Each would be dearer than the plain row, and so take its place if it got through. */
const others: Readonly<Record<string, Row>> = {
  'a reservation': { TermType: 'Reserved', LeaseContractLength: '3yr' },
  'the fee of a reservation': { TermType: 'Reserved', Unit: 'Quantity' },
  'a dedicated instance': { Tenancy: 'Dedicated' },
  'a dedicated host': { Tenancy: 'Host' },
  Windows: { 'Operating System': 'Windows', operation: 'RunInstances:0002' },
  'Windows of your own licence': {
    'Operating System': 'Windows',
    'License Model': 'Bring your own license',
    operation: 'RunInstances:0800',
  },
  'Red Hat': { 'Operating System': 'RHEL', operation: 'RunInstances:0010' },
  'Linux with SQL': { 'Pre Installed S/W': 'SQL Ent', operation: 'RunInstances:0100' },
  'another system under the plain operation': { 'Operating System': 'SUSE' },
  'software under the plain operation': { 'Pre Installed S/W': 'SQL Web' },
  'Linux of another operation': { operation: 'RunInstances:00g0' },
  'an unused reservation of capacity': { CapacityStatus: 'UnusedCapacityReservation' },
  'a used reservation of capacity': { CapacityStatus: 'AllocatedCapacityReservation' },
  'a capacity block': { MarketOption: 'CapacityBlock' },
  'a price in yuan': { Currency: 'CNY' },
  'a price by the second': { Unit: 'Second' },
  'a local zone': { 'Region Code': 'us-west-2-lax-1', 'Location Type': 'AWS Local Zone' },
}

export const otherRows = Object.keys(others)

const dearUsd = '99.0000000000'

export const salesOf = (region: string): readonly Sale[] =>
  sales.filter((sale) => sale.region === region)

/**
 * The rows of a region: every plain one first, so that a test may break the first. The others tell
 * their kind in a column of their own.
 */
export const priceRows = (region: string): Row[] => {
  const plain = salesOf(region).map((sale, place) => plainRow(sale, `SKU${place}`))
  const around = plain.flatMap((row) =>
    Object.entries(others).map(([kind, change]) => ({
      ...row,
      PricePerUnit: dearUsd,
      ...change,
      kind,
    })),
  )
  return [...plain, ...around]
}

/**
 * Rows of a region that give no offer. Of the real ones most are reservations: two lengths, three ways
 * to pay, two classes, by the hour and upfront, for every system.
 */
export const idleRows = (region: string): Row[] =>
  priceRows(region)
    .filter((row) => row['PricePerUnit'] === dearUsd)
    .filter((row) => row['MarketOption'] === 'OnDemand' && row['Region Code'] === region)
    .flatMap((row) => Array<Row>(row['TermType'] === 'Reserved' ? 24 : 1).fill(row))

/** As AWS writes it: quotes around all that is not empty. */
const cell = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${text.replaceAll('"', '""')}"`
}

const preamble = [
  ['FormatVersion', 'v1.0'],
  ['Disclaimer', 'This pricing list is for informational purposes only, in "tests".'],
  ['Publication Date', '2026-07-20T20:00:00Z'],
  ['Version', '20260720200000'],
  ['OfferCode', 'AmazonEC2'],
]

export const csvOf = (rows: readonly Row[]): string => {
  const known = columns.split(',')
  const added = new Set(
    rows.flatMap((row) => Object.keys(row)).filter((key) => !known.includes(key)),
  )
  const all = [...known, ...added]
  const lines = rows.map((row) => all.map((column) => cell(row[column])).join(','))
  return [...preamble, all]
    .map((line) => line.map(cell).join(','))
    .concat(lines, '')
    .join('\n')
}
