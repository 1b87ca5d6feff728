/** Types of machines, and how many of each are free where; prices are a table. */
import type { InstanceType, Stock } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib, nanoOfUsd, nanoTimes } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { usdOfGpu } from './prices.ts'
import { type Capacity, capacitiesAnswer, type MachineType, typesAnswer } from './schema.ts'
import { signerOf } from './sign.ts'

export interface CrusoePage extends ImportPage {
  readonly types: readonly MachineType[]
  readonly capacities: readonly Capacity[]
}

const list = 'types'

async function* fetchPages(io: ImportIo): AsyncGenerator<CrusoePage> {
  const { id = '', secret = '', project = '' } = io.credentials
  const sign = signerOf({ id, secret })
  const get = (path: string) => io.json({ path: `/v1alpha5${path}`, sign })
  const path = `/projects/${encodeURIComponent(project)}/compute/vms/types`
  const { items: types } = readWire(typesAnswer, await get(path), 'crusoe types')
  const { items: capacities } = readWire(
    capacitiesAnswer,
    await get('/capacities'),
    'crusoe capacities',
  )
  yield {
    types: types.rows,
    capacities: capacities.rows,
    malformed: [...types.malformed, ...capacities.malformed],
    observation: io.observation,
    account: wholeList(list, types.count),
  }
}

/** `A100-PCIe-40GB`, `MI355X_288GB`: the size is of one card. */
const acceleratorsOf = ({ gpu_type: type, num_gpu: gpuCount }: MachineType) => {
  const named = type !== null && type !== ''
  if (!named && gpuCount === 0) return noAccelerators
  if (!named) return 'accelerator not told'
  if (!(gpuCount > 0)) return 'number of accelerators not told'
  const gpu = gpuOf(type, undefined)
  return gpu === null ? 'no known model of accelerator' : { gpu, gpuCount }
}

const machineOf = (type: MachineType): InstanceType | string => {
  const accelerators = acceleratorsOf(type)
  if (typeof accelerators === 'string') return accelerators
  const memoryMib = mibOfGib(type.memory_gb)
  if (memoryMib === null || !(type.cpu_cores > 0)) return 'no vCPU or no memory'
  const isArm = type.cpu_type === 'arm64'
  return {
    name: type.product_name,
    cpus: type.cpu_cores,
    memoryMib,
    ...accelerators,
    diskMib: mibOfGib(type.disk_gb ?? 0),
    architecture: isArm ? 'arm64' : architectureOf(accelerators.gpu),
  }
}

/** The price of a type: that of its accelerators; null where no list has one. */
const nanoOf = ({ gpu_type: type, num_gpu: gpuCount }: MachineType): number | null =>
  type === null ? null : nanoTimes(nanoOfUsd(usdOfGpu(type)), gpuCount)

/** Rows of a type and location repeat, and the most of them is what is free. */
const freeOf = (capacities: readonly Capacity[], name: string): ReadonlyMap<string, number> => {
  const free = new Map<string, number>()
  for (const { type, location, quantity } of capacities) {
    if (type === name) free.set(location, Math.max(quantity, free.get(location) ?? 0))
  }
  return free
}

const addType = (
  gathering: Gathering,
  type: MachineType,
  capacities: readonly Capacity[],
): void => {
  const instanceType = machineOf(type)
  if (typeof instanceType === 'string') return gathering.reject(instanceType, type.product_name)
  const priceNanoUsd = nanoOf(type)
  const add = (region: string | null, stock: Stock): void => {
    const parts = { region, instanceType, spot: false, stock }
    if (priceNanoUsd === null) gathering.unpriced(parts)
    else gathering.offer({ ...parts, priceNanoUsd })
  }
  const free = freeOf(capacities, type.product_name)
  for (const [region, quantity] of free) add(region, quantity > 0 ? 'low' : 'none')
  if (free.size === 0) add(null, 'none')
}

const toOffers = (page: CrusoePage): PageOffers => {
  const gathering = newGathering('crusoe', page.observation, page.malformed)
  for (const type of page.types) addType(gathering, type, page.capacities)
  const known = new Set(page.types.map(({ product_name: name }) => name))
  for (const name of new Set(page.capacities.map(({ type }) => type))) {
    if (!known.has(name)) gathering.reject('capacity of a type that is not described', name)
  }
  return gathering.end()
}

export const crusoeImporter: Importer<CrusoePage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 500, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) =>
    readinessOf(environment, {
      id: ['CRUSOE_ACCESS_KEY_ID', 'CRUSOE_ACCESS_KEY'],
      secret: ['CRUSOE_SECRET_KEY'],
      project: ['CRUSOE_PROJECT_ID'],
    }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
