import { hyperstack } from '#backends/hyperstack/backend'
import { type ImporterCase, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const answers: Readonly<Record<string, string>> = {
  '/v1/pricebook': 'pricebook.json',
  '/v1/core/flavors': 'flavors.json',
}

export const hyperstackCase: ImporterCase = {
  backend: hyperstack,
  credentials: { HYPERSTACK_API_KEY: 'canary-hyperstack-key-43' },
  world: ({ path, headers }) => {
    const file = answers[path]
    const known = headers['api_key'] === 'canary-hyperstack-key-43'
    return file === undefined || !known ? undefined : readFixture('hyperstack', file)
  },
  oracle: {
    'hyperstack/CANADA-1/n3-H100x8/on-demand': '15.2',
    'hyperstack/NORWAY-1/n3-RTX-A6000x2-spot/spot': '0.8',
    'hyperstack/CANADA-1/n3-H100x1/on-demand': '1.9',
    'hyperstack/NORWAY-1/n3-RTX-A6000x1/on-demand': '0.5',
  },
  rowsOf: (answer) => (Array.isArray(answer) ? (answer as Row[]) : rowsUnder(answer, 'data')),
  setPrice: (row, price) => {
    if ('value' in row) row['value'] = price
  },
  setGpu: (row, name) => {
    const flavors = (rowsUnder(row, 'flavors') ?? []).filter((flavor) => flavor['gpu'] !== '')
    for (const flavor of flavors) flavor['gpu'] = name
    return flavors.length > 0
  },
  errorAnswer: { status: false, error_reason: 'internal', message: 'try again' },
  cutAt: null,
}
