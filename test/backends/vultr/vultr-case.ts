import { vultr } from '#backends/vultr/backend'
import { type ImporterCase, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const answers: Readonly<Record<string, string>> = {
  '/v2/plans': 'plans.json',
  '/v2/plans-metal': 'plans-metal.json',
}

export const vultrCase: ImporterCase = {
  backend: vultr,
  credentials: {},
  world: ({ path }) => {
    const file = answers[path]
    return file === undefined ? undefined : readFixture('vultr', file)
  },
  oracle: {
    'vultr/ewr/vcg-a100-1c-6g-4vram/on-demand': '0.123',
    'vultr/ewr/vcg-a100-12c-120g-80vram/on-demand': '2.397',
    'vultr/ord/vbm-256c-2048gb-8-mi300x-gpu/on-demand': '17.52',
    'vultr/sea/vbm-112c-2048gb-8-h100-gpu/on-demand': '23.92',
    'vultr/ams/vc2-1c-2gb/on-demand': '0.018',
  },
  rowsOf: (answer) => rowsUnder(answer, 'plans') ?? rowsUnder(answer, 'plans_metal'),
  setPrice: (row, price) => {
    row['hourly_cost'] = price
    delete row['location_cost']
  },
  setGpu: (row, name) => {
    const has = row['gpu_type'] !== undefined || String(row['id']).endsWith('-gpu')
    if (has) row['gpu_type'] = name
    return has
  },
  errorAnswer: { error: 'Invalid API request', status: 400 },
  cutAt: null,
}
