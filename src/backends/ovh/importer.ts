/** One catalog of plans; where each is sold, for those who have an account. */
import type { InstanceType } from '#domain/offer'
import {
  type Accelerators,
  architectureOf,
  gpuOf,
  noAccelerators,
} from '#backends/kit/accelerators'
import { conversionOf, offerAt } from '#backends/kit/currency'
import { mibOfGib } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { accountReadiness, fetchRegions, type PlanRegions } from './account.ts'
import { catalogAnswer, type Plan } from './schema.ts'

export interface OvhPage extends ImportPage {
  readonly plans: readonly Plan[]
  readonly currency: string
  readonly regions: PlanRegions | null
}

const list = 'plans'

async function* fetchPages(io: ImportIo): AsyncGenerator<OvhPage> {
  const regions = await fetchRegions(io)
  const value = await io.json({
    path: '/v1/order/catalog/public/cloud',
    // The world's subsidiary is the one that sells in dollars.
    query: { ovhSubsidiary: 'WE' },
  })
  const { locale, addons } = readWire(catalogAnswer, value, 'ovh catalog')
  yield {
    plans: addons.rows,
    currency: locale.currencyCode,
    regions,
    malformed: addons.malformed,
    observation: io.observation,
    account: wholeList(list, addons.count),
  }
}

/** `b3-8.consumption`, and `b3-8.consumption.LZ.AF` where it costs something else in some regions. */
const hourly = /\.consumption(\.[A-Z0-9.]+)?$/

/** Why a plan is no offer; null where it is one. */
const problemOf = ({ planCode, blobs }: Plan): string | null => {
  if (!hourly.test(planCode)) return 'not billed by the hour'
  if (blobs.technical?.os?.family === 'windows' || planCode.startsWith('win-')) return 'Windows'
  const { tags } = blobs
  return tags !== null && (tags.includes('legacy') || !tags.includes('active'))
    ? 'not for new instances'
    : null
}

/** In 1e-8 of the currency; null where there is no price by the hour. */
const amountOf = ({ pricings }: Plan): string | null => {
  const found = pricings.find(
    ({ interval, intervalUnit, capacities }) =>
      interval === 1 &&
      intervalUnit === 'hour' &&
      (capacities === null || capacities.includes('consumption')),
  )
  return found === undefined ? null : `${found.price}e-8`
}

type Technical = NonNullable<Plan['blobs']['technical']>

/** Memory is of one accelerator. */
const acceleratorsOf = ({ gpu: told }: Technical): Accelerators | string => {
  if (told === null) return noAccelerators
  if (!(told.number > 0)) return 'number of accelerators not told'
  const gpu = gpuOf(told.model, told.memory === null ? undefined : told.memory.size * 1024)
  return gpu === null ? 'no known model of accelerator' : { gpu, gpuCount: told.number }
}

const diskMibOf = ({ storage }: Technical): number | null =>
  mibOfGib(
    (storage?.disks ?? []).reduce((sum, { capacity, number }) => sum + capacity * (number ?? 1), 0),
  )

const machineOf = ({ invoiceName: name, blobs }: Plan): InstanceType | string => {
  const { technical } = blobs
  const cpus = technical?.cpu?.cores ?? 0
  const memoryMib = mibOfGib(technical?.memory?.size ?? 0)
  if (technical === null || memoryMib === null || !(cpus > 0)) return 'no vCPU or no memory'
  const accelerators = acceleratorsOf(technical)
  if (typeof accelerators === 'string') return accelerators
  const architecture = architectureOf(accelerators.gpu)
  return { name, cpus, memoryMib, ...accelerators, diskMib: diskMibOf(technical), architecture }
}

/** Null stands for a region that is not told; the price of some regions is no price of any other. */
const regionsOf = (
  { planCode, configurations }: Plan,
  told: PlanRegions | null,
): readonly (string | null)[] | string => {
  const own = (configurations ?? []).flatMap(({ name, values }) =>
    name === 'region' ? values : [],
  )
  const regions = told?.get(planCode) ?? own
  if (regions.length > 0) return [...new Set(regions)]
  if (told !== null) return 'in no region'
  return planCode.endsWith('.consumption') ? [null] : 'price of some regions that are not told'
}

const toOffers = (page: OvhPage, tables: ImportTables): PageOffers => {
  const conversion = conversionOf(page.currency, tables, page.observation)
  const gathering = newGathering('ovh', conversion.observation, page.malformed)
  for (const plan of page.plans) {
    const problem = problemOf(plan)
    const machine = machineOf(plan)
    const regions = regionsOf(plan, page.regions)
    if (problem !== null) gathering.reject(problem, plan.planCode)
    else if (typeof machine === 'string') gathering.reject(machine, plan.planCode)
    else if (typeof regions === 'string') gathering.reject(regions, plan.planCode)
    else {
      for (const region of regions) {
        const parts = { region, instanceType: machine, spot: false, stock: 'unknown' } as const
        offerAt(gathering, amountOf(plan), conversion, parts)
      }
    }
  }
  return gathering.end()
}

export const ovhImporter: Importer<OvhPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 500, atOnce: 1 },
    gives: { spot: false, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'optional',
    // Dollars are asked for; the answer says what it is in.
    currencies: ['EUR'],
  },
  readiness: accountReadiness,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
