import { scaleway } from '#backends/scaleway/backend'
import { type ImporterCase, isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const inside = (row: Row, ...keys: readonly string[]): Row | null => {
  let value: unknown = row
  for (const key of keys) value = isRow(value) ? value[key] : undefined
  return isRow(value) ? value : null
}

/** The test's euro is worth 1.25 dollars. */
export const scalewayCase: ImporterCase = {
  backend: scaleway,
  credentials: {},
  world: ({ path }) => {
    if (path === '/product-catalog/v2alpha1/public-catalog/products') {
      return readFixture('scaleway', 'products.json')
    }
    const zone = /^\/instance\/v1\/zones\/([a-z0-9-]+)\/products\/servers\/availability$/.exec(path)
    const stock = readFixture('scaleway', 'stock.json')
    return isRow(stock) ? stock[zone?.[1] ?? ''] : undefined
  },
  reply: (answer) => {
    const servers = isRow(answer) && isRow(answer['servers']) ? answer['servers'] : null
    const headers: Record<string, string> =
      servers === null ? {} : { 'x-total-count': String(Object.keys(servers).length) }
    return { body: JSON.stringify(answer), headers }
  },
  oracle: {
    'scaleway/fr-par-2/B300-SXM-8-288G/on-demand': '75',
    'scaleway/fr-par-2/H100-1-80G/on-demand': '3.4125',
    'scaleway/fr-par-2/H100-SXM-8-80G/on-demand': '28.785',
    'scaleway/pl-waw-2/L4-2-24G/on-demand': '1.875',
    'scaleway/nl-ams-1/BASIC2-A2C-4G/on-demand': '0.02875',
    'scaleway/fr-par-1/POP2-HC-2C-4G/on-demand': '0.0665',
  },
  rowsOf: (answer) => rowsUnder(answer, 'products'),
  setPrice: (row, price) => {
    row['price'] = { retail_price: { currency_code: 'EUR', units: price, nanos: 0 } }
  },
  setGpu: (row, name) => {
    const gpu = inside(row, 'properties', 'hardware', 'gpu')
    if (gpu !== null) gpu['type'] = name
    return gpu !== null
  },
  errorAnswer: { type: 'internal_error', message: 'try again' },
  cutAt: null,
}
