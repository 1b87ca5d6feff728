import { lambdalabs } from '#backends/lambdalabs/backend'
import { type ImporterCase, isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const typeOf = (row: Row): Row => (isRow(row['instance_type']) ? row['instance_type'] : {})

/** The answer is an object by name; a list in its place reads the same, and can be changed. */
const asList = (answer: unknown): unknown =>
  isRow(answer) && isRow(answer['data']) ? { data: Object.values(answer['data']) } : answer

export const lambdalabsCase: ImporterCase = {
  backend: lambdalabs,
  credentials: { LAMBDA_API_KEY: 'canary-lambda-5b1f' },
  world: ({ path }) =>
    path === '/api/v1/instance-types'
      ? asList(readFixture('lambdalabs', 'instance-types.json'))
      : undefined,
  oracle: {
    'lambdalabs/us-east-1/gpu_1x_a10/on-demand': '1.29',
    'lambdalabs/europe-central-1/gpu_1x_a100/on-demand': '1.99',
    'lambdalabs/us-west-3/gpu_1x_h100_pcie/on-demand': '3.29',
    'lambdalabs/us-east-1/gpu_8x_a100/on-demand': '15.92',
    'lambdalabs/?/gpu_1x_a6000/on-demand': '1.09',
  },
  rowsOf: (answer) => rowsUnder(answer, 'data'),
  setPrice: (row, price) => {
    typeOf(row)['price_cents_per_hour'] = price
  },
  setGpu: (row, name) => {
    const type = typeOf(row)
    if (isRow(type['specs']) && type['specs']['gpus'] === 0) return false
    type['gpu_description'] = name
    return true
  },
  errorAnswer: { error: { code: 'global/internal', message: 'try again' } },
  cutAt: null,
}
