import { jarvislabs } from '#backends/jarvislabs/backend'
import { type ImporterCase, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const jarvislabsCase: ImporterCase = {
  backend: jarvislabs,
  credentials: { JL_API_KEY: 'canary-jarvislabs-51' },
  world: ({ path }) =>
    path === '/misc/server_meta' ? readFixture('jarvislabs', 'server-meta.json') : undefined,
  oracle: {
    'jarvislabs/india-noida-01/L4-1x/on-demand': '0.44',
    'jarvislabs/india-noida-01/L4-8x/on-demand': '3.52',
    'jarvislabs/india-noida-01/A100-80GB-1x/on-demand': '1.49',
    'jarvislabs/india-chennai-01/RTX-PRO6000-4x/on-demand': '7.56',
    'jarvislabs/europe-01/H100-8x/on-demand': '23.92',
  },
  rowsOf: (answer) => rowsUnder(answer, 'server_meta'),
  setPrice: (row, price) => {
    row['price_per_hour'] = price
  },
  setGpu: (row, name) => {
    row['gpu_type'] = name
    return true
  },
  errorAnswer: { sucess: false, error: 'try again' },
  cutAt: null,
}
