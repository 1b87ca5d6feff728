import { cloudrift } from '#backends/cloudrift/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const cloudriftCase: ImporterCase = {
  backend: cloudrift,
  credentials: {},
  world: ({ path }) =>
    path === '/api/v1/instance-types/list'
      ? readFixture('cloudrift', 'instance-types.json')
      : undefined,
  oracle: {
    'cloudrift/us-east-nc-nr-1/rtx49-7c-kn.1/on-demand': '0.39',
    'cloudrift/us-east-nc-nr-1/rtx49-7c-kn.2/on-demand': '0.78',
    'cloudrift/us-east-nc-nr-1/rtx59-16c-nr.1/on-demand': '0.655',
    'cloudrift/eu-1/mi350-8/on-demand': '22.4',
    'cloudrift/us-west-1/cpu-8c/on-demand': '0.06',
  },
  rowsOf: (answer) => rowsUnder(answer, 'data', 'instance_types'),
  setPrice: (row, price) => {
    const variants: unknown[] = Array.isArray(row['variants']) ? row['variants'] : []
    for (const variant of variants) if (isRow(variant)) variant['cost_per_hour'] = price
  },
  setGpu: (row, name) => {
    if (row['name'] === 'cpu') return false
    row['brand_short'] = name
    return true
  },
  errorAnswer: 'service unavailable',
  cutAt: null,
}
