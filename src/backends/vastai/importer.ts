/**
 * The market in parts, by the number of accelerators: an answer is cut off at its limit without a
 * word, so a part that comes back full makes the import incomplete.
 */
import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import { mibOfMib, nanoOfUsd } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import type { Sought } from '#backends/kit/sought'
import { readWire } from '#backends/kit/wire'
import { regionOf } from './region.ts'
import { type Ask, asksAnswer } from './schema.ts'

export interface VastaiPage extends ImportPage {
  readonly asks: readonly Ask[]
}

const mostAsks = 3000

type Part = readonly [least: number, most: number]

const mostGpus = 1000

/** Numbers of accelerators, both ends included. */
const parts: readonly Part[] = [
  [1, 1],
  [2, 2],
  [3, 4],
  [5, 8],
  [9, mostGpus],
]

/** What is sought comes in one answer: a second would have to wait its turn. */
const partsOf = (sought: Sought | null): readonly Part[] => {
  if (sought === null) return parts
  const { min, max } = sought.gpuCount
  const part: Part = [Math.max(1, min ?? 1), Math.min(mostGpus, max ?? mostGpus)]
  return part[0] <= part[1] ? [part] : []
}

/** Hosts report a little less or more than the nominal size. */
const memoryTolerance = 0.08

const memoryBounds = (sought: Sought | null) => {
  const { min = null, max = null } = sought?.gpuMemoryMib ?? {}
  if (min === null && max === null) return {}
  const least = min === null ? {} : { gte: Math.floor(min * (1 - memoryTolerance)) }
  const most = max === null ? {} : { lte: Math.ceil(max * (1 + memoryTolerance)) }
  return { gpu_ram: { ...least, ...most } }
}

const listOf = ([least, most]: Part): string =>
  least === most ? `${least} GPU` : `${least} to ${most} GPUs`

async function* fetchPages(io: ImportIo, sought: Sought | null = null): AsyncGenerator<VastaiPage> {
  for (const part of partsOf(sought)) {
    const value = await io.json({
      path: '/api/v0/bundles/',
      json: {
        rentable: { eq: true },
        verified: { eq: true },
        num_gpus: { gte: part[0], lte: part[1] },
        ...memoryBounds(sought),
        type: 'on-demand',
        order: [['dph_total', 'asc']],
        limit: mostAsks,
      },
    })
    const { offers } = readWire(asksAnswer, value, 'vastai')
    yield {
      asks: offers.rows,
      malformed: offers.malformed,
      observation: io.observation,
      account: {
        list: listOf(part),
        index: 0,
        key: listOf(part),
        rows: offers.count,
        total: null,
        cutAt: mostAsks,
        more: false,
        announces: [],
      },
    }
  }
}

const architectureNamed = (name: string | null): CpuArchitecture | null => {
  if (name === 'amd64') return 'x86_64'
  return name === 'arm64' ? 'arm64' : null
}

/** Part of the host's memory that goes with the cores on offer. */
const memoryOf = (ask: Ask, cpus: number): number | null =>
  mibOfMib(ask.cpu_cores === null ? ask.cpu_ram : ask.cpu_ram * Math.min(1, cpus / ask.cpu_cores))

const machineOf = (ask: Ask): InstanceType | string => {
  if (!(Number.isInteger(ask.num_gpus) && ask.num_gpus > 0))
    return 'number of accelerators not told'
  const gpu = gpuOf(ask.gpu_name, ask.gpu_ram)
  if (!gpu) return 'no known model of accelerator'
  const cpus = ask.cpu_cores_effective ?? ask.cpu_cores
  const memoryMib = cpus === null ? null : memoryOf(ask, cpus)
  if (cpus === null || !(cpus > 0) || memoryMib === null) return 'no vCPU or no memory'
  return {
    name: String(ask.id),
    cpus: Math.round(cpus * 1000) / 1000,
    memoryMib,
    gpu,
    gpuCount: ask.num_gpus,
    diskMib: null,
    architecture: architectureNamed(ask.cpu_arch) ?? architectureOf(gpu),
  }
}

const toOffers = (page: VastaiPage): PageOffers => {
  const gathering = newGathering('vastai', page.observation, page.malformed)
  for (const ask of page.asks) {
    const instanceType = machineOf(ask)
    if (typeof instanceType === 'string') gathering.reject(instanceType, String(ask.id))
    else if (ask.rentable === false) gathering.reject('not rentable', String(ask.id))
    else {
      // An ask is one machine that can be rented now.
      const common = { region: regionOf(ask.geolocation), instanceType, stock: 'low' } as const
      const onDemand = nanoOfUsd(ask.dph_base)
      gathering.offer({ ...common, spot: false, priceNanoUsd: onDemand })
      const bid = nanoOfUsd(ask.min_bid)
      if (bid === null) continue
      if (onDemand !== null && bid >= onDemand) {
        gathering.reject('bid at or above on-demand', String(ask.id))
      } else gathering.offer({ ...common, spot: true, priceNanoUsd: bid })
    }
  }
  return gathering.end()
}

export const vastaiImporter: Importer<VastaiPage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 900,
    // Ten requests a minute and address.
    limit: { intervalMs: 6000, atOnce: 1 },
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
    narrows: true,
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => {
    const { sought = null } = summary
    return sealPages(summary, {
      expected: partsOf(sought).map(listOf),
      // Of more than eight there may be none; an empty answer to the others is no market.
      fullLists: sought === null ? parts.slice(0, -1).map(listOf) : [],
      emptyResult: sought === null ? 'suspicious' : 'valid',
    })
  },
}
