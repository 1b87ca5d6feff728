import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib, nanoOfCents } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { instanceTypesAnswer, type ShadeformType } from './schema.ts'

export interface ShadeformPage extends ImportPage {
  readonly types: readonly ShadeformType[]
}

const list = 'instance types'

async function* fetchPages(io: ImportIo): AsyncGenerator<ShadeformPage> {
  const secretHeaders = { 'x-api-key': io.credentials['key'] ?? '' }
  const value = await io.json({ path: '/v1/instances/types', secretHeaders })
  const { rows, malformed, count } = readWire(
    instanceTypesAnswer,
    value,
    'shadeform instance types',
  ).instance_types
  yield {
    types: rows,
    malformed,
    observation: io.observation,
    account: wholeList(list, count),
  }
}

/** Alone, neither its own type nor that of the cloud is sure to name one machine. */
const nameOf = (type: ShadeformType): string =>
  `${type.cloud}:${type.shade_instance_type}:${type.cloud_instance_type}`

const acceleratorsOf = ({ configuration }: ShadeformType) => {
  const { gpu_type: name, num_gpus: gpuCount, vram_per_gpu_in_gb: memoryGb } = configuration
  const isNone = name === null || name === ''
  if (gpuCount === 0 && isNone) return noAccelerators
  if (isNone || !(gpuCount >= 1)) return null
  const gpu = gpuOf(name, memoryGb === null ? undefined : memoryGb * 1024)
  return gpu === null ? null : { gpu, gpuCount }
}

const machineOf = (type: ShadeformType): InstanceType | string => {
  const accelerators = acceleratorsOf(type)
  if (accelerators === null) return 'no known model of accelerator'
  const { vcpus: cpus, memory_in_gb: memoryGb, storage_in_gb: diskGb } = type.configuration
  const memoryMib = mibOfGib(memoryGb)
  if (memoryMib === null || !(cpus > 0)) return 'no vCPU or no memory'
  return {
    name: nameOf(type),
    cpus,
    memoryMib,
    ...accelerators,
    diskMib: mibOfGib(diskGb ?? 0),
    architecture: architectureOf(accelerators.gpu),
  }
}

const addType = (gathering: Gathering, type: ShadeformType): void => {
  const instanceType = machineOf(type)
  if (typeof instanceType === 'string') return gathering.reject(instanceType, nameOf(type))
  if (type.availability.length === 0) return gathering.reject('in no region', nameOf(type))
  for (const { region, available } of type.availability) {
    gathering.offer({
      region,
      instanceType,
      spot: false,
      priceNanoUsd: nanoOfCents(type.hourly_price),
      stock: available ? 'low' : 'none',
    })
  }
}

const toOffers = (page: ShadeformPage): PageOffers => {
  const gathering = newGathering('shadeform', page.observation, page.malformed)
  for (const type of page.types) addType(gathering, type)
  return gathering.end()
}

export const shadeformImporter: Importer<ShadeformPage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) => readinessOf(environment, { key: ['SHADEFORM_API_KEY'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
