import { cudo } from '#backends/cudo/backend'
import { type ImporterCase, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const cudoCase: ImporterCase = {
  backend: cudo,
  credentials: {},
  world: ({ path }) =>
    path === '/v1/vms/machine-types' ? readFixture('cudo', 'machine-types.json') : undefined,
  oracle: {
    'cudo/place-1/first-a5000 1x nvidia-rtx-a5000 4-15/on-demand': '0.6055',
    'cudo/place-2/second 2-8/on-demand': '0.0539',
  },
  rowsOf: (answer) => rowsUnder(answer, 'machineTypes'),
  setPrice: (row, price) => {
    row[row['gpuModel'] === '' ? 'vcpuPriceHr' : 'gpuPriceHr'] = { value: price }
  },
  setGpu: (row, name) => {
    if (row['gpuModel'] === '') return false
    row['gpuModel'] = name
    row['gpuModelId'] = name
    return true
  },
  errorAnswer: { code: 13, message: 'try again', details: [] },
  cutAt: null,
}
