/** Machines are made to measure there: offered here are few sizes, each at the exact sum of its parts. */
import type { Gpu } from '#domain/gpu'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import { nanoOfComponents } from '#backends/kit/components'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { type Card, type Location, locationsAnswer } from './schema.ts'

export interface TensordockPage extends ImportPage {
  readonly locations: readonly Location[]
}

const list = 'locations'
const gpuCounts = [1, 2, 4, 8]
const cpusPerGpu = 4
const memoryGbPerGpu = 16
/** The least that can be ordered. */
const diskGb = 100

async function* fetchPages(io: ImportIo): AsyncGenerator<TensordockPage> {
  const value = await io.json({ path: '/api/v2/locations' })
  const { rows, malformed, count } = readWire(locationsAnswer, value, 'tensordock').data.locations
  yield {
    locations: rows,
    malformed: [...malformed, ...rows.flatMap(({ gpus }) => gpus.malformed)],
    observation: io.observation,
    account: wholeList(list, count),
  }
}

/** `geforcertx4090-pcie-24gb`. */
const cardNamed = (name: string): Gpu | null => {
  const [, model, socket, size] = /^(.+?)(?:-(pcie|sxm\d?|nvl))?-(\d+)gb$/i.exec(name) ?? []
  if (model === undefined) return null
  const memoryMib = Number(size) * 1024
  return gpuOf(`${model} ${socket ?? ''}`, memoryMib) ?? gpuOf(model, memoryMib)
}

const addBox = (
  gathering: Gathering,
  card: Card,
  gpu: Gpu,
  place: { readonly region: string; readonly gpuCount: number },
): void => {
  const { region, gpuCount } = place
  const { pricing, resources } = card
  const cpus = cpusPerGpu * gpuCount
  const memoryGb = memoryGbPerGpu * gpuCount
  const hasRoom =
    gpuCount <= card.max_count &&
    cpus <= resources.max_vcpus &&
    memoryGb <= resources.max_ram_gb &&
    diskGb <= resources.max_storage_gb
  // One is offered without room too, so that its price is known; more may not be on any host.
  if (!hasRoom && gpuCount > 1) return
  gathering.offer({
    region,
    instanceType: {
      name: `${gpuCount}x ${card.v0Name} ${cpus}-${memoryGb}`,
      cpus,
      memoryMib: memoryGb * 1024,
      gpu,
      gpuCount,
      diskMib: diskGb * 1024,
      architecture: architectureOf(gpu),
    },
    spot: false,
    priceNanoUsd:
      Number(card.price_per_hr) > 0
        ? nanoOfComponents([
            { usd: card.price_per_hr, count: gpuCount },
            { usd: pricing.per_vcpu_hr, count: cpus },
            { usd: pricing.per_gb_ram_hr, count: memoryGb },
            { usd: pricing.per_gb_storage_hr, count: diskGb },
          ])
        : null,
    stock: hasRoom ? 'low' : 'none',
  })
}

const toOffers = (page: TensordockPage): PageOffers => {
  const gathering = newGathering('tensordock', page.observation, page.malformed)
  for (const { id: region, gpus } of page.locations) {
    for (const card of gpus.rows) {
      const gpu = cardNamed(card.v0Name)
      if (gpu === null) gathering.reject('no known model of accelerator', card.v0Name)
      else for (const gpuCount of gpuCounts) addBox(gathering, card, gpu, { region, gpuCount })
    }
  }
  return gathering.end()
}

export const tensordockImporter: Importer<TensordockPage> = {
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
