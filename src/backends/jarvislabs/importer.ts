/** One answer: pools of accelerators by region, and plans of CPU machines. */
import { UpstreamRefusedError } from '#domain/errors'
import { conversionOf } from '#backends/kit/currency'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { addPlans } from './cpu-offers.ts'
import { addPools } from './gpu-offers.ts'
import { type CpuPlan, failure, type Pool, serverMetaAnswer } from './schema.ts'

export interface JarvislabsPage extends ImportPage {
  readonly pools: readonly Pool[]
  readonly plans: readonly CpuPlan[]
  /** That of the account, for all prices. */
  readonly currency: string
}

const list = 'server meta'

const refuseFailure = (value: unknown): void => {
  const { sucess, success } = readWire(failure, value, 'jarvislabs')
  if (sucess === false || success === false) {
    throw new UpstreamRefusedError('jarvislabs: the answer says that the request failed')
  }
}

async function* fetchPages(io: ImportIo): AsyncGenerator<JarvislabsPage> {
  const value = await io.json({
    path: '/misc/server_meta',
    secretHeaders: { authorization: `Bearer ${io.credentials['key'] ?? ''}` },
  })
  refuseFailure(value)
  const answer = readWire(serverMetaAnswer, value, 'jarvislabs')
  const { rows, malformed, count } = answer.server_meta
  const plans = answer.cpu_meta?.combinations
  yield {
    pools: rows,
    plans: plans?.rows ?? [],
    currency: answer.currency?.toUpperCase() ?? 'USD',
    malformed: [...malformed, ...(plans?.malformed ?? [])],
    observation: io.observation,
    account: wholeList(list, count),
  }
}

const toOffers = (page: JarvislabsPage, tables: ImportTables): PageOffers => {
  const conversion = conversionOf(page.currency, tables, page.observation)
  const gathering = newGathering('jarvislabs', conversion.observation, page.malformed)
  addPools(gathering, page.pools, conversion)
  addPlans(gathering, page.plans, conversion)
  return gathering.end()
}

export const jarvislabsImporter: Importer<JarvislabsPage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
    currencies: ['INR'],
  },
  readiness: (environment) =>
    readinessOf(environment, { key: ['JL_API_KEY', 'JARVISLABS_API_KEY'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
