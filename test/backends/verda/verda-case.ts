import { verda } from '#backends/verda/backend'
import { type ImporterCase, isRow, type Row } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const verdaCase: ImporterCase = {
  backend: verda,
  credentials: {
    VERDA_CLIENT_ID: 'canary-verda-id-77',
    VERDA_CLIENT_SECRET: 'canary-verda-secret-78',
  },
  world: ({ path, method, query }) => {
    if (path === '/v1/oauth2/token' && method === 'POST') {
      return { access_token: 'a-token', expires_in: 3600 }
    }
    if (path === '/v1/instance-types') return readFixture('verda', 'instance-types.json')
    if (path !== '/v1/instance-availability') return undefined
    const spot = query.get('is_spot') === 'true'
    return readFixture('verda', spot ? 'availability-spot.json' : 'availability.json')
  },
  oracle: {
    'verda/FIN-01/1H100.80S.30V/on-demand': '3.95',
    'verda/FIN-02/1H100.80S.30V/spot': '1.7',
    'verda/FIN-01/2A6000.20V/spot': '0.7',
    'verda/?/2A6000.20V/on-demand': '1.98',
    'verda/FIN-01/CPU.120V.480G/on-demand': '3',
  },
  rowsOf: (answer) => {
    if (!Array.isArray(answer)) return null
    const rows: unknown[] = answer
    const areTypes = rows.every((row) => isRow(row) && 'instance_type' in row)
    return areTypes ? (rows as Row[]) : null
  },
  setPrice: (row, price) => {
    row['price_per_hour'] = price
  },
  setGpu: (row, name) => {
    if (isRow(row['gpu']) && row['gpu']['number_of_gpus'] === 0) return false
    row['model'] = name
    row['name'] = name
    return true
  },
  errorAnswer: { code: 'internal_error', message: 'try again' },
  cutAt: null,
}
