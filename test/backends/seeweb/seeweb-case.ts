import { seeweb } from '#backends/seeweb/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

/** Prices are euros; one is worth a dollar and a quarter here. */
export const seewebCase: ImporterCase = {
  backend: seeweb,
  credentials: { SEEWEB_API_TOKEN: 'canary-seeweb-61' },
  world: ({ path }) => {
    if (path === '/ecs/v2/plans') return readFixture('seeweb', 'plans.json')
    return path === '/ecs/v2/plans/availables'
      ? readFixture('seeweb', 'availables.json')
      : undefined
  },
  oracle: {
    'seeweb/it-fr2/ECS1GPU8/on-demand': '2.3625',
    'seeweb/it-fr2/ECS2GPU7/on-demand': '2.125',
    'seeweb/?/ECS8GPU10/on-demand': '26',
    'seeweb/it-fr2/ECS1GPU2/on-demand': '0.925',
    'seeweb/ch-lug1/eCS1/on-demand': '0.02375',
  },
  rowsOf: (answer) => {
    const rows = rowsUnder(answer, 'plans')
    return rows?.every((row) => isRow(row) && 'cpu' in row) ? rows : null
  },
  setPrice: (row, price) => {
    row['hourly_price'] = price
  },
  setGpu: (row, name) => {
    if (row['gpu'] === '' || row['gpu'] === '0') return false
    row['gpu_label'] = name
    return true
  },
  errorAnswer: { status: 'error', message: 'try again' },
  cutAt: null,
}
