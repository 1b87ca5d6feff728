import { linode } from '#backends/linode/backend'
import { type ImporterCase, isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const answers: Readonly<Record<string, string>> = {
  '/v4/linode/types': 'types.json',
  '/v4/regions': 'regions.json',
  '/v4/regions/availability': 'availability.json',
}

/** Only types have a label and a class. */
const isType = (row: unknown): boolean => isRow(row) && 'class' in row

export const linodeCase: ImporterCase = {
  backend: linode,
  credentials: {},
  world: ({ path }) => {
    const file = answers[path]
    return file === undefined ? undefined : readFixture('linode', file)
  },
  oracle: {
    'linode/us-ord/g1-gpu-rtx6000-4/on-demand': '6',
    'linode/us-ord/g2-gpu-rtx4000a1-s/on-demand': '0.52',
    'linode/us-ord/g3-gpu-rtxpro6000-blackwell-1/on-demand': '2.5',
    'linode/br-gru/g6-nanode-1/on-demand': '0.0075',
    'linode/us-ord/g6-dedicated-64/on-demand': '5.76',
    'linode/us-ord/g7-highmem-4/on-demand': '0.36',
  },
  rowsOf: (answer): Row[] | null => {
    const rows = rowsUnder(answer, 'data')
    return rows !== null && rows.every(isType) ? rows : null
  },
  setPrice: (row, price) => {
    row['price'] = { hourly: price }
    delete row['region_prices']
  },
  setGpu: (row, name) => {
    const has = row['class'] === 'gpu'
    if (has) row['label'] = `${name} x1 Small`
    return has
  },
  errorAnswer: { errors: [{ reason: 'Internal Server Error' }] },
  cutAt: null,
}
