import { crusoe } from '#backends/crusoe/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const crusoeCase: ImporterCase = {
  backend: crusoe,
  credentials: {
    CRUSOE_ACCESS_KEY_ID: 'canary-crusoe-id-41',
    CRUSOE_SECRET_KEY: 'canary-crusoe-secret-42',
    CRUSOE_PROJECT_ID: 'canary-crusoe-project-43',
  },
  world: ({ path }) => {
    if (path === '/v1alpha5/projects/canary-crusoe-project-43/compute/vms/types') {
      return readFixture('crusoe', 'types.json')
    }
    return path === '/v1alpha5/capacities' ? readFixture('crusoe', 'capacities.json') : undefined
  },
  oracle: {
    'crusoe/us-east1-a/h100-80gb-sxm-ib.8x/on-demand': '31.2',
    'crusoe/us-east1-a/l40s-48gb.1x/on-demand': '1.5',
    'crusoe/us-east1-a/l40s-48gb.10x/on-demand': '15',
    'crusoe/?/a100-80gb-sxm-ib.8x/on-demand': '18.4',
    'crusoe/us-east1-a/mi300x-192gb-ib.8x/on-demand': '27.6',
  },
  rowsOf: (answer) => {
    const rows = rowsUnder(answer, 'items')
    return rows?.every((row) => isRow(row) && 'product_name' in row) ? rows : null
  },
  // The source has no prices: the number of accelerators is what a price is made with.
  setPrice: (row, price) => {
    row['num_gpu'] = price
  },
  setGpu: (row, name) => {
    row['gpu_type'] = name
    return true
  },
  errorAnswer: { code: 'internal_error', message: 'try again' },
  cutAt: null,
}
