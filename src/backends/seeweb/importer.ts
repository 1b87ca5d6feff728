/** Plans, and where each can be started right now. */
import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { type Conversion, conversionOf, offerAt } from '#backends/kit/currency'
import { mibOfGib, mibOfMib } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, ImportTables, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { type FreePlan, freePlansAnswer, type Plan, plansAnswer } from './schema.ts'

export interface SeewebPage extends ImportPage {
  readonly plans: readonly Plan[]
  readonly free: readonly FreePlan[]
}

const list = 'plans'

async function* fetchPages(io: ImportIo): AsyncGenerator<SeewebPage> {
  const secretHeaders = { 'x-apitoken': io.credentials['token'] ?? '' }
  const get = (path: string) => io.json({ path: `/ecs/v2${path}`, secretHeaders })
  const { plans } = readWire(plansAnswer, await get('/plans'), 'seeweb plans')
  const { plans: free } = readWire(
    freePlansAnswer,
    await get('/plans/availables'),
    'seeweb plans that are free',
  )
  yield {
    plans: plans.rows,
    free: free.rows,
    malformed: [...plans.malformed, ...free.malformed],
    observation: io.observation,
    account: wholeList(list, plans.count),
  }
}

/** `H100 80GB`: the size is of one card. */
const acceleratorsOf = ({ gpu, gpu_label: label }: Plan) => {
  const gpuCount = gpu === '' ? 0 : (gpu ?? 0)
  const named = label !== null && label.trim() !== ''
  if (gpuCount === 0 && !named) return noAccelerators
  if (gpuCount === 0) return 'number of accelerators not told'
  if (!named) return 'accelerator not told'
  const card = gpuOf(label, undefined)
  return card === null ? 'no known model of accelerator' : { gpu: card, gpuCount }
}

const machineOf = (plan: Plan): InstanceType | string => {
  const accelerators = acceleratorsOf(plan)
  if (typeof accelerators === 'string') return accelerators
  const memoryMib = mibOfMib(plan.ram)
  if (memoryMib === null || !(plan.cpu > 0)) return 'no vCPU or no memory'
  return {
    name: plan.name,
    cpus: plan.cpu,
    memoryMib,
    ...accelerators,
    diskMib: mibOfGib(plan.disk ?? 0),
    architecture: architectureOf(accelerators.gpu),
  }
}

const addPlan = (
  gathering: Gathering,
  plan: Plan,
  free: ReadonlySet<string>,
  conversion: Conversion,
): void => {
  if (plan.available === false) return gathering.reject('no longer sold', plan.name)
  if (plan.windows === true) return gathering.reject('Windows price', plan.name)
  const instanceType = machineOf(plan)
  if (typeof instanceType === 'string') return gathering.reject(instanceType, plan.name)
  const sold = new Set((plan.available_regions ?? []).map(({ location }) => location))
  const regions = new Set([...sold, ...free])
  for (const region of regions.size === 0 ? [null] : regions) {
    const stock = region !== null && free.has(region) ? 'low' : 'none'
    const parts = { region, instanceType, spot: false, stock } as const
    offerAt(gathering, plan.hourly_price, conversion, parts)
  }
}

/** The price has no currency: it is the one on the vendor's page, which is in euros. */
const toOffers = (page: SeewebPage, tables: ImportTables): PageOffers => {
  const conversion = conversionOf('EUR', tables, page.observation)
  const gathering = newGathering('seeweb', conversion.observation, page.malformed)
  const freeOf = (name: string): ReadonlySet<string> =>
    new Set(page.free.filter((plan) => plan.name === name).flatMap(({ regions }) => regions))
  for (const plan of page.plans) addPlan(gathering, plan, freeOf(plan.name), conversion)
  return gathering.end()
}

export const seewebImporter: Importer<SeewebPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 500, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
    currencies: ['EUR'],
  },
  readiness: (environment) => readinessOf(environment, { token: ['SEEWEB_API_TOKEN'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
