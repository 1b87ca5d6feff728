import { readFileSync } from 'node:fs'
import { azure } from '#backends/azure/backend'
import { parseInstanceTypes } from '#catalog/snapshot-rows'
import { type ImporterCase, isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const lines = readFileSync('catalogs/azure/instance-types.csv', 'utf8').trimEnd().split('\n')

/** The sizes that come with the program. */
export const azureSizes = new Map(parseInstanceTypes(lines).map((type) => [type.name, type]))

const itemsOf = (file: string): readonly Row[] =>
  rowsUnder(readFixture('azure', file), 'Items') ?? []

/** A region that has one machine only, at a price of its own. */
const plainItem = (region: string): Row => ({
  ...itemsOf('eastus-handmade.json').find((item) => item['armSkuName'] === 'Standard_D2s_v3'),
  armRegionName: region,
  skuName: 'D2s v3',
  meterName: 'D2s v3',
  retailPrice: 0.1 + region.length / 1000,
})

const itemsIn = (region: string): readonly Row[] => {
  if (region === 'eastus') return itemsOf('eastus-handmade.json')
  return region === 'francecentral' ? itemsOf('francecentral-2021.json') : [plainItem(region)]
}

/** So that one region has two pages. */
const perPage = 100

export const azureCase: ImporterCase = {
  backend: azure,
  credentials: {},
  tables: { instanceType: (name) => azureSizes.get(name) ?? null, rate: () => null },
  world: ({ path, query }) => {
    const filter = query.get('$filter') ?? ''
    const region = /armRegionName eq '(\w+)'/.exec(filter)?.[1]
    if (path !== '/api/retail/prices' || region === undefined) return undefined
    const items = itemsIn(region)
    const skip = Number(query.get('$skip') ?? '0')
    const next = skip + perPage < items.length
    const link = `https://prices.azure.com:443/api/retail/prices?$filter=${encodeURIComponent(filter)}&$skip=${skip + perPage}`
    const page = items.slice(skip, skip + perPage)
    return {
      BillingCurrency: 'USD',
      Items: page,
      NextPageLink: next ? link : null,
      Count: page.length,
    }
  },
  oracle: {
    'azure/eastus/Standard_NC40ads_H100_v5/on-demand': '6.98',
    'azure/eastus/Standard_NC24ads_A100_v4/on-demand': '3.673',
    'azure/eastus/Standard_NC4as_T4_v3/on-demand': '0.526',
    'azure/eastus/Standard_ND96isr_H100_v5/on-demand': '98.32',
    'azure/eastus/Standard_ND96amsr_A100_v4/on-demand': '32.77',
    'azure/eastus/Standard_NV6ads_A10_v5/on-demand': '0.454',
    'azure/eastus/Standard_NV36ads_A10_v5/on-demand': '3.2',
    'azure/eastus/Standard_ND128isr_NDR_GB200_v6/on-demand': '108.16',
    'azure/francecentral/Standard_E32-8as_v5/on-demand': '2.128',
  },
  rowsOf: (answer) => rowsUnder(answer, 'Items'),
  setPrice: (row, price) => {
    if (isRow(row)) row['retailPrice'] = price
  },
  setGpu: () => false,
  errorAnswer: { Error: { Code: 'InternalServerError', Message: 'try again' } },
  cutAt: null,
}

/** A size as the API of resources tells it: capabilities are texts. */
export const skuOf = (
  name: string,
  region: string,
  figures: Readonly<Record<string, string>>,
  restrictions: readonly Row[] = [],
): Row => ({
  resourceType: 'virtualMachines',
  name,
  locations: [region],
  restrictions,
  capabilities: Object.entries(figures).map(([key, value]) => ({ name: key, value })),
})

/** A size that the subscription may not have. */
export const closedSize = 'Standard_NC4as_T4_v3'

const notForSubscription = (region: string): Row => ({
  type: 'Location',
  values: [region],
  restrictionInfo: { locations: [region], zones: [] },
  reasonCode: 'NotAvailableForSubscription',
})

/** Recorded for two regions; for the others the sizes that are priced there. */
const skusIn = (region: string): readonly Row[] => {
  if (region === 'southcentralus' || region === 'westcentralus') {
    return rowsUnder(readFixture('azure', `skus-${region}-2026.json`), 'value') ?? []
  }
  const names = new Set(itemsIn(region).map(({ armSkuName }) => String(armSkuName)))
  return [...names].map((name) => {
    const size = name.replaceAll(' ', '_')
    const known = azureSizes.get(size)
    const figures = {
      vCPUs: String(known?.cpus ?? 1),
      MemoryGB: String((known?.memoryMib ?? 1024) / 1024),
      LowPriorityCapable: 'True',
    }
    return skuOf(size, region, figures, size === closedSize ? [notForSubscription(region)] : [])
  })
}

/** So that one region has two pages of sizes. */
const skusPerPage = 15

const skusAnswerIn = (region: string, token: string | null): unknown => {
  const rows = [{ resourceType: 'disks', name: 'Premium_LRS' }, ...skusIn(region)]
  const start = Number(token ?? '0')
  const next = start + skusPerPage < rows.length && region === 'southcentralus'
  const end = region === 'southcentralus' ? start + skusPerPage : rows.length
  const link = `https://management.azure.com/subscriptions/s/providers/Microsoft.Compute/skus?%24skiptoken=${end}`
  return { value: rows.slice(start, end), ...(next ? { nextLink: link } : {}) }
}

/** With a subscription: its sizes. */
export const accountCase: ImporterCase = {
  ...azureCase,
  credentials: {
    AZURE_TENANT_ID: 'canary-azure-tenant-77',
    AZURE_CLIENT_ID: 'canary-azure-client-78',
    AZURE_CLIENT_SECRET: 'canary-azure-secret-79',
    AZURE_SUBSCRIPTION_ID: 'canary-azure-subscription-80',
  },
  world: (asked) => {
    const { path, query, method } = asked
    if (path === '/login/canary-azure-tenant-77/oauth2/v2.0/token' && method === 'POST') {
      return { token_type: 'Bearer', expires_in: 3599, access_token: 'canary-azure-token-81' }
    }
    const subscription = '/management/subscriptions/canary-azure-subscription-80'
    if (path !== `${subscription}/providers/Microsoft.Compute/skus`) return azureCase.world(asked)
    const region = /location eq '(\w+)'/.exec(query.get('$filter') ?? '')?.[1]
    return region === undefined ? undefined : skusAnswerIn(region, query.get('$skiptoken'))
  },
  rowsOf: (answer) => rowsUnder(answer, 'Items') ?? rowsUnder(answer, 'value'),
}
