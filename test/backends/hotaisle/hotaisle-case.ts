import { hotaisle } from '#backends/hotaisle/backend'
import { type ImporterCase, isRow, type Row } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const hotaisleCase: ImporterCase = {
  backend: hotaisle,
  credentials: { HOTAISLE_API_KEY: 'canary-hotaisle-31', HOTAISLE_TEAM_HANDLE: 'canary-team-32' },
  world: ({ path }) =>
    path.endsWith('/virtual_machines/available/')
      ? readFixture('hotaisle', 'machines.json')
      : undefined,
  oracle: {
    'hotaisle/us-michigan-1/1x MI300X 13c 224g 12000g/on-demand': '1.99',
    'hotaisle/us-michigan-1/2x MI300X 26c 448g 12000g/on-demand': '3.98',
    'hotaisle/us-michigan-1/8x MI300X 104c 1792g 12000g/on-demand': '15.92',
    'hotaisle/us-michigan-1/8c 64g 500g/on-demand': '0.5',
  },
  rowsOf: (answer) => (Array.isArray(answer) ? (answer as Row[]) : null),
  setPrice: (row, price) => {
    row['OnDemandPrice'] = price
  },
  setGpu: (row, name) => {
    const specs = isRow(row['Specs']) ? row['Specs'] : {}
    const gpus: unknown[] = Array.isArray(specs['gpus']) ? specs['gpus'] : []
    for (const gpu of gpus) if (isRow(gpu)) gpu['model'] = name
    return gpus.length > 0
  },
  errorAnswer: { error: 'try again' },
  cutAt: null,
}
