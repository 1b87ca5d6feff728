import type { InstanceType, Stock } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfBytes, nanoOfCents } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { type Family, instanceTypesAnswer, type Variant } from './schema.ts'

export interface CloudriftPage extends ImportPage {
  readonly families: readonly Family[]
}

const list = 'instance types'

async function* fetchPages(io: ImportIo): AsyncGenerator<CloudriftPage> {
  const value = await io.json({
    path: '/api/v1/instance-types/list',
    json: {
      version: '2025-03-21',
      data: { selector: { ByServiceAndLocation: { services: ['vm'] } } },
    },
  })
  const { instance_types: types } = readWire(instanceTypesAnswer, value, 'cloudrift').data
  yield {
    families: types.rows,
    malformed: [...types.malformed, ...types.rows.flatMap(({ variants }) => variants.malformed)],
    observation: io.observation,
    account: wholeList(
      list,
      types.rows.reduce((sum, one) => sum + one.variants.count, types.malformed.length),
    ),
  }
}

/** The memory told may be of one card or of all: the one that is a known size of the model. */
const acceleratorsOf = ({ brand_short: brand }: Family, { gpu_count: count, vram }: Variant) => {
  if (!count) return noAccelerators
  const told = vram ? mibOfBytes(vram) : null
  const gpu =
    told === null ? gpuOf(brand, undefined) : (gpuOf(brand, told / count) ?? gpuOf(brand, told))
  return gpu === null ? null : { gpu, gpuCount: count }
}

const machineOf = (family: Family, variant: Variant): InstanceType | string => {
  const accelerators = acceleratorsOf(family, variant)
  if (accelerators === null) return 'no known model of accelerator'
  const cpus = variant.logical_cpu_count ?? variant.cpu_count
  const memoryMib = mibOfBytes(variant.dram)
  if (!(cpus > 0) || memoryMib === null) return 'no vCPU or no memory'
  return {
    name: variant.name,
    cpus,
    memoryMib,
    ...accelerators,
    diskMib: mibOfBytes(variant.disk ?? 0),
    architecture: architectureOf(accelerators.gpu),
  }
}

/** Nodes that are free, not those that are there. */
const stockOf = ({ available_nodes_per_dc: free }: Variant, region: string): Stock => {
  if (free === null) return 'unknown'
  const nodes = free[region] ?? 0
  if (nodes <= 0) return 'none'
  return nodes > 2 ? 'high' : 'low'
}

const addVariant = (gathering: Gathering, family: Family, variant: Variant): void => {
  const instanceType = machineOf(family, variant)
  if (typeof instanceType === 'string') return gathering.reject(instanceType, variant.name)
  const there = { ...variant.nodes_per_dc, ...variant.available_nodes_per_dc }
  const regions = Object.keys(there)
  if (regions.length === 0) return gathering.reject('in no location', variant.name)
  for (const region of regions) {
    gathering.offer({
      region,
      instanceType,
      spot: false,
      priceNanoUsd: nanoOfCents(variant.cost_per_hour),
      stock: stockOf(variant, region),
    })
  }
}

const toOffers = (page: CloudriftPage): PageOffers => {
  const gathering = newGathering('cloudrift', page.observation, page.malformed)
  for (const family of page.families) {
    for (const variant of family.variants.rows) addVariant(gathering, family, variant)
  }
  return gathering.end()
}

export const cloudriftImporter: Importer<CloudriftPage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
