/** Flavors by region, and a pricebook of accelerators: the names of both are the same. */
import type { InstanceType, Stock } from '#domain/offer'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import { mibOfGib, nanoOfUsd, nanoTimes } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import {
  type ListedInstanceType,
  instanceTypesAnswer,
  type Price,
  pricebookAnswer,
} from './schema.ts'

export interface HyperstackPage extends ImportPage {
  readonly flavors: readonly ListedInstanceType[]
  readonly prices: readonly Price[]
}

const list = 'flavors'
const spotMark = /-spot$/

async function* fetchPages(io: ImportIo): AsyncGenerator<HyperstackPage> {
  const secretHeaders = { api_key: io.credentials['key'] ?? '' }
  const book = await io.json({ path: '/v1/pricebook', secretHeaders })
  const prices = readWire(pricebookAnswer, book, 'hyperstack pricebook')
  const told = await io.json({ path: '/v1/core/flavors', secretHeaders })
  const groups = readWire(instanceTypesAnswer, told, 'hyperstack flavors').data
  const flavors = groups.rows.map((group) => group.flavors)
  yield {
    flavors: flavors.flatMap(({ rows }) => rows),
    prices: prices.rows,
    malformed: [
      ...prices.malformed,
      ...groups.malformed,
      ...flavors.flatMap(({ malformed }) => malformed),
    ],
    observation: io.observation,
    account: wholeList(
      list,
      flavors.reduce((sum, { count }) => sum + count, groups.malformed.length),
    ),
  }
}

const machineOf = (flavor: ListedInstanceType): InstanceType | string => {
  if (!flavor.gpu) return 'without accelerator: how it is priced is not sure'
  const gpu = gpuOf(flavor.gpu.replace(spotMark, ''), undefined)
  if (gpu === null) return 'no known model of accelerator'
  if (!(flavor.gpu_count >= 1)) return 'number of accelerators not told'
  const memoryMib = mibOfGib(flavor.ram)
  if (memoryMib === null || !(flavor.cpu > 0)) return 'no vCPU or no memory'
  return {
    name: flavor.name,
    cpus: flavor.cpu,
    memoryMib,
    gpu,
    gpuCount: flavor.gpu_count,
    diskMib: mibOfGib(flavor.disk ?? 0),
    architecture: architectureOf(gpu),
  }
}

const stockOf = (available: boolean | null): Stock => {
  if (available === null) return 'unknown'
  return available ? 'low' : 'none'
}

/** Of two prices of one name the dearer counts: the account may have a price from some day on. */
const dearestByName = (prices: readonly Price[]): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const { name, value } of prices) {
    const nanoUsd = nanoOfUsd(value)
    if (nanoUsd !== null) found.set(name, Math.max(found.get(name) ?? 0, nanoUsd))
  }
  return found
}

const toOffers = (page: HyperstackPage): PageOffers => {
  const gathering = newGathering('hyperstack', page.observation, page.malformed)
  const prices = dearestByName(page.prices)
  for (const flavor of page.flavors) {
    const machine = machineOf(flavor)
    if (typeof machine === 'string') gathering.reject(machine, flavor.name)
    else {
      const name = flavor.gpu ?? ''
      gathering.offer({
        region: flavor.region_name,
        instanceType: machine,
        spot: spotMark.test(name),
        priceNanoUsd: nanoTimes(prices.get(name) ?? null, machine.gpuCount),
        stock: stockOf(flavor.stock_available),
      })
    }
  }
  return gathering.end()
}

export const hyperstackImporter: Importer<HyperstackPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) => readinessOf(environment, { key: ['HYPERSTACK_API_KEY'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
