import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib, mibOfMib, nanoOfUsd } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { readWire } from '#backends/kit/wire'
import { type Size, sizesAnswer } from './schema.ts'

export interface DigitaloceanPage extends ImportPage {
  readonly sizes: readonly Size[]
}

const list = 'sizes'

/** The most that the API gives at once. */
const rowsPerPage = '200'

const mostPages = 100

async function* fetchPages(io: ImportIo): AsyncGenerator<DigitaloceanPage> {
  for (let page = 1; page <= mostPages; page++) {
    const value = await io.json({
      path: '/v2/sizes',
      query: { per_page: rowsPerPage, page: String(page) },
      secretHeaders: { authorization: `Bearer ${io.credentials['key'] ?? ''}` },
    })
    const { sizes, links, meta } = readWire(sizesAnswer, value, 'digitalocean')
    const more = Boolean(links.pages?.next)
    yield {
      sizes: sizes.rows,
      malformed: sizes.malformed,
      observation: io.observation,
      account: {
        list,
        index: page - 1,
        // A server that gives one page for every number gives the same rows.
        key: sizes.rows.map(({ slug }) => slug).join(' ') || `page ${page}`,
        rows: sizes.count,
        total: meta.total,
        cutAt: null,
        more,
        announces: [],
      },
    }
    if (!more) return
  }
}

/** `nvidia_h100`; the memory told is of all accelerators together. */
const acceleratorsOf = ({ gpu_info: info }: Size) => {
  if (info === null) return noAccelerators
  if (!(info.count > 0)) return null
  const gpu = gpuOf(info.model.replaceAll('_', ' '), (info.vram.amount * 1024) / info.count)
  return gpu === null ? null : { gpu, gpuCount: info.count }
}

const machineOf = (size: Size): InstanceType | string => {
  const accelerators = acceleratorsOf(size)
  if (accelerators === null) return 'no known model of accelerator'
  const memoryMib = mibOfMib(size.memory)
  if (memoryMib === null || !(size.vcpus > 0)) return 'no vCPU or no memory'
  return {
    name: size.slug,
    cpus: size.vcpus,
    memoryMib,
    ...accelerators,
    diskMib: mibOfGib(size.disk ?? 0),
    architecture: architectureOf(accelerators.gpu),
  }
}

const toOffers = (page: DigitaloceanPage): PageOffers => {
  const gathering = newGathering('digitalocean', page.observation, page.malformed)
  for (const size of page.sizes) {
    const instanceType = machineOf(size)
    if (typeof instanceType === 'string') gathering.reject(instanceType, size.slug)
    else if (size.available === false) gathering.reject('not available', size.slug)
    else if (size.regions.length === 0) gathering.reject('in no location', size.slug)
    else {
      for (const region of size.regions) {
        gathering.offer({
          region,
          instanceType,
          spot: false,
          priceNanoUsd: nanoOfUsd(size.price_hourly),
          stock: 'unknown',
        })
      }
    }
  }
  return gathering.end()
}

export const digitaloceanImporter: Importer<DigitaloceanPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 250, atOnce: 1 },
    gives: { spot: false, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) =>
    readinessOf(environment, { key: ['DIGITAL_OCEAN_API_KEY', 'DIGITALOCEAN_TOKEN'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
