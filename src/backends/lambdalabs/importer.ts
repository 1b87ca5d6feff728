import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib, nanoOfCents } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { type Entry, instanceTypesAnswer } from './schema.ts'

export interface LambdalabsPage extends ImportPage {
  readonly entries: readonly Entry[]
}

const list = 'instance types'

async function* fetchPages(io: ImportIo): AsyncGenerator<LambdalabsPage> {
  const value = await io.json({
    path: '/api/v1/instance-types',
    secretHeaders: { authorization: `Bearer ${io.credentials['key'] ?? ''}` },
  })
  const { data } = readWire(instanceTypesAnswer, value, 'lambdalabs')
  yield {
    entries: data.rows,
    malformed: data.malformed,
    observation: io.observation,
    account: wholeList(list, data.count),
  }
}

const acceleratorsOf = ({ instance_type: { gpu_description: description, specs } }: Entry) => {
  if (specs.gpus === 0) return noAccelerators
  const gpu = gpuOf(description ?? '', undefined)
  return gpu === null ? null : { gpu, gpuCount: specs.gpus }
}

const machineOf = (entry: Entry): InstanceType | string => {
  const { name, specs, architecture } = entry.instance_type
  const accelerators = acceleratorsOf(entry)
  if (accelerators === null) return 'no known model of accelerator'
  const memoryMib = mibOfGib(specs.memory_gib)
  if (memoryMib === null || !(specs.vcpus > 0)) return 'no vCPU or no memory'
  return {
    name,
    cpus: specs.vcpus,
    memoryMib,
    ...accelerators,
    diskMib: mibOfGib(specs.storage_gib ?? 0),
    architecture:
      architecture === 'arm64' || architecture === 'x86_64'
        ? architecture
        : architectureOf(accelerators.gpu),
  }
}

const toOffers = (page: LambdalabsPage): PageOffers => {
  const gathering = newGathering('lambdalabs', page.observation, page.malformed)
  for (const entry of page.entries) {
    const { name, price_cents_per_hour: cents } = entry.instance_type
    const instanceType = machineOf(entry)
    if (typeof instanceType === 'string') {
      gathering.reject(instanceType, name)
      continue
    }
    const common = { instanceType, spot: false, priceNanoUsd: nanoOfCents(cents) }
    const regions = entry.regions_with_capacity_available.map((region) => region.name)
    // Only regions with capacity are told: a type without any keeps its price, and no stock.
    if (regions.length === 0) gathering.offer({ ...common, region: null, stock: 'none' })
    for (const region of regions) gathering.offer({ ...common, region, stock: 'low' })
  }
  return gathering.end()
}

export const lambdalabsImporter: Importer<LambdalabsPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) =>
    readinessOf(environment, { key: ['LAMBDA_API_KEY', 'LAMBDALABS_TOKEN'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
