/** Machines are made to measure there: offered here are few sizes, each at the exact sum of its parts. */
import {
  type Accelerators,
  architectureOf,
  gpuOf,
  noAccelerators,
} from '#backends/kit/accelerators'
import { nanoOfComponents } from '#backends/kit/components'
import { nanoOfUsd } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { type Box, boxesOf, diskGib, hasRoom } from './boxes.ts'
import { type MachineType, machineTypesAnswer } from './schema.ts'

export interface CudoPage extends ImportPage {
  readonly types: readonly MachineType[]
}

const list = 'machine types'

async function* fetchPages(io: ImportIo): AsyncGenerator<CudoPage> {
  const value = await io.json({ path: '/v1/vms/machine-types' })
  const { rows, malformed, count } = readWire(machineTypesAnswer, value, 'cudo').machineTypes
  yield {
    types: rows,
    malformed,
    observation: io.observation,
    account: wholeList(list, count),
  }
}

/** Memory is told in the name alone, where at all. */
const acceleratorOf = ({ gpuModel, gpuModelId }: MachineType): Accelerators | null => {
  if (!gpuModel && !gpuModelId) return noAccelerators
  const gpu = gpuOf(gpuModel ?? '', undefined) ?? gpuOf(gpuModelId ?? '', undefined)
  return gpu === null ? null : { gpu, gpuCount: 1 }
}

const nameOf = (type: MachineType, { gpuCount, cpus, memoryGib }: Box): string => {
  const cards = gpuCount === 0 ? '' : ` ${gpuCount}x ${type.gpuModelId ?? type.gpuModel ?? ''}`
  return `${type.machineType}${cards} ${cpus}-${memoryGib}`
}

/** What carries the machine must cost something: an accelerator, or else the vCPUs. */
const priceOf = (type: MachineType, { gpuCount, cpus, memoryGib }: Box): number | null => {
  const gpuUsd = type.gpuPriceHr?.value ?? null
  const main = gpuCount > 0 ? gpuUsd : type.vcpuPriceHr.value
  if (nanoOfUsd(main) === null) return null
  return nanoOfComponents([
    ...(gpuCount > 0 ? [{ usd: gpuUsd, count: gpuCount }] : []),
    { usd: type.vcpuPriceHr.value, count: cpus },
    { usd: type.memoryGibPriceHr.value, count: memoryGib },
    { usd: type.minStorageGibPriceHr.value, count: diskGib },
    { usd: type.ipv4PriceHr.value, count: 1 },
  ])
}

const addType = (gathering: Gathering, type: MachineType): void => {
  const accelerator = acceleratorOf(type)
  if (accelerator === null) {
    return gathering.reject('no known model of accelerator', type.machineType)
  }
  const boxes = boxesOf(type, accelerator.gpu !== null)
  if (boxes.length === 0) gathering.reject('its limits allow no machine', type.machineType)
  for (const box of boxes) {
    gathering.offer({
      region: type.dataCenterId,
      instanceType: {
        name: nameOf(type, box),
        cpus: box.cpus,
        memoryMib: box.memoryGib * 1024,
        gpu: accelerator.gpu,
        gpuCount: box.gpuCount,
        diskMib: diskGib * 1024,
        architecture: architectureOf(accelerator.gpu),
      },
      spot: false,
      priceNanoUsd: priceOf(type, box),
      stock: hasRoom(type, box) ? 'low' : 'none',
    })
  }
}

const toOffers = (page: CudoPage): PageOffers => {
  const gathering = newGathering('cudo', page.observation, page.malformed)
  for (const type of page.types) addType(gathering, type)
  return gathering.end()
}

export const cudoImporter: Importer<CudoPage> = {
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
