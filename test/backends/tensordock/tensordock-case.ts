import { tensordock } from '#backends/tensordock/backend'
import { type ImporterCase, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const tensordockCase: ImporterCase = {
  backend: tensordock,
  credentials: {},
  world: ({ path }) =>
    path === '/api/v2/locations' ? readFixture('tensordock', 'locations.json') : undefined,
  oracle: {
    'tensordock/a1b2-chubbuck/2x geforcertx4090-pcie-24gb 8-32/on-demand': '0.833',
    'tensordock/a1b2-chubbuck/1x l40-pcie-48gb 4-16/on-demand': '1.099',
    'tensordock/a1b2-chubbuck/1x geforcertx4090-pcie-24gb 4-16/on-demand': '0.419',
    'tensordock/a1b2-chubbuck/8x l40-pcie-48gb 32-128/on-demand': '8.757',
    'tensordock/c3d4-manassas/1x h100-sxm5-80gb 4-16/on-demand': '2.299',
  },
  rowsOf: (answer) => rowsUnder(answer, 'data', 'locations'),
  setPrice: (row, price) => {
    for (const card of rowsUnder(row, 'gpus') ?? []) card['price_per_hr'] = price
  },
  setGpu: (row, name) => {
    for (const card of rowsUnder(row, 'gpus') ?? []) card['v0Name'] = name
    return true
  },
  errorAnswer: { error: 'try again' },
  cutAt: null,
}
