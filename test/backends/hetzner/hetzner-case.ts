import { hetzner } from '#backends/hetzner/backend'
import { type ImporterCase, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

const answers: Readonly<Record<string, string>> = {
  '/v1/pricing': 'pricing.json',
  '/v1/server_types': 'server-types.json',
}

/** The test's euro is worth 1.25 dollars. */
export const hetznerCase: ImporterCase = {
  backend: hetzner,
  credentials: { HCLOUD_TOKEN: 'canary-hetzner-token-31' },
  world: ({ path, headers }) => {
    const file = answers[path]
    const known = headers['authorization'] === 'Bearer canary-hetzner-token-31'
    return file === undefined || !known ? undefined : readFixture('hetzner', file)
  },
  oracle: {
    'hetzner/fsn1/cx23/on-demand': '0.006',
    'hetzner/fsn1/ccx63/on-demand': '0.622',
    'hetzner/ash/cpx11/on-demand': '0.009875',
    'hetzner/fsn1/cax21/on-demand': '0.012',
    'hetzner/hel1/old22/on-demand': '0.010125',
  },
  rowsOf: (answer) => rowsUnder(answer, 'server_types'),
  setPrice: (row, price) => {
    for (const one of rowsUnder(row, 'prices') ?? []) one['price_hourly'] = { net: price }
  },
  setGpu: () => false,
  errorAnswer: { error: { code: 'unavailable', message: 'try again' } },
  cutAt: null,
}
