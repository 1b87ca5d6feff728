import { runpod } from '#backends/runpod/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

/** Every answer has all types, whether they are to be had or not. */
const idsOf = (kind: 'gpuTypes' | 'cpuFlavors'): readonly unknown[] =>
  (rowsUnder(readFixture('runpod', 'overview.json'), 'data', kind) ?? []).map(({ id }) => id)

type Nested = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Answers a query as the server would: the aliases it asks for, each of the place it names. */
const answerTo = (query: string): unknown => {
  if (query.includes('countryCodes')) return readFixture('runpod', 'overview.json')
  const gpus = [...query.matchAll(/(\w+): lowestPrice\(input: \{ gpuCount: (\d+).*?"([\w-]+)"/g)]
  if (gpus.length > 0) {
    const prices = readFixture('runpod', 'prices.json') as Record<string, Nested>
    const count = gpus[0]?.[2] ?? ''
    return {
      data: {
        gpuTypes: idsOf('gpuTypes').map((id) => ({
          id,
          ...Object.fromEntries(
            gpus.map(([, alias = '', , place = '']) => [
              alias,
              prices[count]?.[String(id)]?.[place] ?? null,
            ]),
          ),
        })),
      },
    }
  }
  const cpus = [...query.matchAll(/(\w+): specifics\(input: \{ dataCenterId: "([\w-]+)"/g)]
  const flavors = readFixture('runpod', 'flavors.json') as Nested
  return {
    data: {
      cpuFlavors: idsOf('cpuFlavors').map((id) => ({
        id,
        ...Object.fromEntries(
          cpus.map(([, alias = '', place = '']) => [alias, flavors[String(id)]?.[place] ?? null]),
        ),
      })),
    },
  }
}

export const runpodCase: ImporterCase = {
  backend: runpod,
  credentials: {},
  world: ({ path, body }) =>
    path === '/graphql' ? answerTo((JSON.parse(body) as { query: string }).query) : undefined,
  oracle: {
    'runpod/US-KS-2/1x NVIDIA A100 80GB PCIe secure/on-demand': '1.64',
    'runpod/US-KS-2/2x NVIDIA A100 80GB PCIe secure/on-demand': '3.28',
    'runpod/US-KS-2/2x NVIDIA A100 80GB PCIe secure/spot': '1.64',
    'runpod/SE/2x NVIDIA GeForce RTX 4090 community/on-demand': '0.68',
    'runpod/US-KS-2/cpu3g-2-8/on-demand': '0.08',
    'runpod/US-KS-2/cpu3g-8-32/on-demand': '0.32',
  },
  rowsOf: (answer) =>
    rowsUnder(answer, 'data', 'gpuTypes') ?? rowsUnder(answer, 'data', 'cpuFlavors'),
  setPrice: (row, price) => {
    for (const place of Object.values(row)) {
      if (!isRow(place)) continue
      if ('uninterruptablePrice' in place) place['uninterruptablePrice'] = price
      if ('securePrice' in place) place['securePrice'] = price
    }
  },
  setGpu: (row, name) => {
    if (typeof row['id'] !== 'string' || row['id'].startsWith('cpu')) return false
    row['id'] = `${name} ${row['id']}`
    if ('displayName' in row) row['displayName'] = name
    return true
  },
  errorAnswer: { errors: [{ message: 'Something went wrong' }], data: null },
  cutAt: null,
}
