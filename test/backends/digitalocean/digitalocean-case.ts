import { digitalocean } from '#backends/digitalocean/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

/** Five a page, whatever is asked: so that there are two. */
const perPage = 5

export const digitaloceanCase: ImporterCase = {
  backend: digitalocean,
  credentials: { DIGITAL_OCEAN_API_KEY: 'canary-digitalocean-90ab' },
  world: ({ path, query }) => {
    if (path !== '/v2/sizes') return undefined
    const sizes = readFixture('digitalocean', 'sizes.json') as unknown[]
    const page = Number(query.get('page'))
    const next = page * perPage < sizes.length
    return {
      sizes: sizes.slice((page - 1) * perPage, page * perPage),
      links: next ? { pages: { next: `https://elsewhere.example/v2/sizes?page=${page + 1}` } } : {},
      meta: { total: sizes.length },
    }
  },
  oracle: {
    'digitalocean/ams3/s-1vcpu-512mb-10gb/on-demand': '0.00595',
    'digitalocean/nyc1/gpu-h100x8-640gb/on-demand': '23.92',
    'digitalocean/nyc1/gpu-mi300x8-1536gb/on-demand': '15.92',
    'digitalocean/tor1/gpu-4000adax1-20gb/on-demand': '0.76',
    'digitalocean/lon1/g-2vcpu-8gb/on-demand': '0.09375',
  },
  rowsOf: (answer) => rowsUnder(answer, 'sizes'),
  setPrice: (row, price) => {
    row['price_hourly'] = price
  },
  setGpu: (row, name) => {
    if (!isRow(row['gpu_info'])) return false
    row['gpu_info']['model'] = name
    return true
  },
  errorAnswer: { id: 'server_error', message: 'Unexpected server-side error' },
  cutAt: null,
}
