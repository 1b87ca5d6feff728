import { vastai } from '#backends/vastai/backend'
import { type ImporterCase, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

interface Search {
  readonly num_gpus: { readonly gte: number; readonly lte: number }
  readonly limit: number
}

export const vastaiCase: ImporterCase = {
  backend: vastai,
  credentials: {},
  world: ({ path, method, body }) => {
    if (path !== '/api/v0/bundles/' || method !== 'POST') return undefined
    const { num_gpus: wanted, limit } = JSON.parse(body) as Search
    const asks = readFixture('vastai', 'asks.json') as Record<string, unknown[]>
    const found = Object.entries(asks).filter(
      ([count]) => Number(count) >= wanted.gte && Number(count) <= wanted.lte,
    )
    return { offers: found.flatMap(([, own]) => own).slice(0, limit) }
  },
  oracle: {
    'vastai/cn-guangxi/11684738/on-demand': '0.246666666',
    'vastai/cn-guangxi/11684738/spot': '0.2',
    'vastai/dk-denmark/11684740/on-demand': '0.15',
    'vastai/ca/11684750/spot': '1',
    'vastai/?/11684739/on-demand': '0.2',
  },
  rowsOf: (answer) => rowsUnder(answer, 'offers'),
  setPrice: (row, price) => {
    row['dph_base'] = price
  },
  setGpu: (row, name) => {
    row['gpu_name'] = name
    return true
  },
  errorAnswer: { success: false, error: 'invalid_args', msg: 'bad query' },
  cutAt: 3000,
}
