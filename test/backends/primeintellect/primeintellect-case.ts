import { primeintellect } from '#backends/primeintellect/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

export const primeintellectCase: ImporterCase = {
  backend: primeintellect,
  credentials: { PRIME_API_KEY: 'canary-prime-key-41' },
  world: ({ path, query, headers }) => {
    const known = headers['authorization'] === 'Bearer canary-prime-key-41'
    if (path !== '/api/v1/availability/gpus' || !known) return undefined
    const answer = readFixture('primeintellect', 'availability.json')
    return query.get('page') === '1' || !isRow(answer) ? answer : { ...answer, items: [] }
  },
  oracle: {
    'primeintellect/US-KS-2/runpod:1x NVIDIA A100 80GB PCIe:14-125/on-demand': '1.6568',
    'primeintellect/CA-MTL-3/runpod:1x NVIDIA H100 PCIe:31-176/on-demand': '2.4068',
    'primeintellect/US-CA-2/runpod:1x NVIDIA A100-SXM4-80GB:16-125/on-demand': '1.7568',
    'primeintellect/US-MO-1/runpod:1x NVIDIA A100-SXM4-80GB:16-250/on-demand': '1.7568',
    'primeintellect/CA-MTL-1/runpod:1x NVIDIA H100 80GB HBM3:28-251/on-demand': '2.7068',
  },
  rowsOf: (answer) => rowsUnder(answer, 'items'),
  setPrice: (row, price) => {
    row['prices'] = { onDemand: price, communityPrice: null, currency: 'USD' }
  },
  setGpu: (row, name) => {
    row['gpuType'] = name
    return true
  },
  errorAnswer: { detail: 'try again' },
  cutAt: null,
}
