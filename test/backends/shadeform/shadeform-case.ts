import { shadeform } from '#backends/shadeform/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const shadeformCase: ImporterCase = {
  backend: shadeform,
  credentials: { SHADEFORM_API_KEY: 'canary-shadeform-key-42' },
  world: ({ path, headers }) =>
    path === '/v1/instances/types' && headers['x-api-key'] === 'canary-shadeform-key-42'
      ? readFixture('shadeform', 'instance-types.json')
      : undefined,
  oracle: {
    'shadeform/us-central-1/hyperstack:A6000:gpu_1x_a6000/on-demand': '2.1',
    'shadeform/canada-1/hyperstack:A100_80Gx8:n3-A100x8/on-demand': '10.8',
    'shadeform/us-west-1/lambdalabs:A6000:gpu_1x_a6000/on-demand': '0.8',
    'shadeform/norway-1/hyperstack:A6000x2:n1-RTX-A6000x2/on-demand': '4.21',
    'shadeform/eu-1/elsewhere:CPU:cpu-4/on-demand': '0.12',
  },
  rowsOf: (answer) => rowsUnder(answer, 'instance_types'),
  setPrice: (row, price) => {
    row['hourly_price'] = price
  },
  setGpu: (row, name) => {
    const { configuration } = row
    if (!isRow(configuration) || configuration['num_gpus'] === 0) return false
    configuration['gpu_type'] = name
    return true
  },
  errorAnswer: { error: 'try again', error_code: 'INTERNAL' },
  cutAt: null,
}
