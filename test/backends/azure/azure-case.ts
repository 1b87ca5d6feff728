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
