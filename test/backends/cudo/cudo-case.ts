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
    'cudo/place-1/first-a5000 2x nvidia-rtx-a5000 8-30/on-demand': '1.1925',
    'cudo/place-2/second-a6000 4x nvidia-rtx-a6000 24-96/on-demand': '3.6033',
    'cudo/place-2/second 8-32/on-demand': '0.1601',
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
