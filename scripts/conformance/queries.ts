/** queries.json: gpuhunt's own answers to its filters, over the items of catalog.json. */
import type { Gpu, GpuVendor } from '#domain/gpu'
import { mibPerGb } from '#domain/memory'
import { offerId } from '#domain/offer'
import { parseUsd } from '#domain/price'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { type Chapter, failed, needed, passed, skipped, type VectorResult } from './chapter.ts'
import { type Json, record, records, text } from './json.ts'
import { capabilitiesOf, type VectorItem, vectorSearch } from './offer-catalog.ts'

const observation = { source: 'vectors', observedAt: '2026-08-19T00:00:00Z' }

/** Filters that a configuration and our flags cannot express. */
const inexpressible = ['allowed_flags', 'cpu_arch', 'min_price', 'max_compute_capability']

type Capabilities = ReturnType<typeof capabilitiesOf>

/** Null for an item that is no offer here: without a price, or with accelerators of no model. */
const itemOf = (item: Json, capabilities: Capabilities): VectorItem | null => {
  const gpuCount = Number(item['gpu_count'])
  const price = parseUsd(String(item['price'])) ?? 0
  const nameless = gpuCount > 0 && (item['gpu_name'] === null || item['gpu_memory'] === null)
  if (price <= 0 || nameless) return null
  const backend = text(item['provider'])
  const region = text(item['location']) || null
  const name = text(item['instance_name'])
  const spot = item['spot'] === true
  const disk = item['disk_size']
  return {
    id: Number(item['id']),
    offer: {
      id: offerId(backend, region, name, spot),
      backend,
      region,
      instanceType: {
        name,
        cpus: Number(item['cpu']),
        memoryMib: Math.round(Number(item['memory']) * mibPerGb),
        gpu: gpuCount > 0 ? gpuOf(item, capabilities) : null,
        gpuCount,
        diskMib: disk === null ? null : Math.round(Number(disk) * mibPerGb),
        architecture: null,
      },
      spot,
      priceNanoUsd: price,
      stock: 'unknown',
      observation,
    },
  }
}

const gpuOf = (item: Json, capabilities: Capabilities): Gpu => {
  const vendor = item['gpu_vendor'] as GpuVendor
  const name = text(item['gpu_name'])
  // A capability is CUDA's: the peer gives none to other makers' cards, whatever their name.
  const capability = vendor === 'nvidia' ? capabilities.get(name.toLowerCase()) : undefined
  return {
    name,
    vendor,
    memoryMib: Math.round(Number(item['gpu_memory']) * mibPerGb),
    computeCapability: capability ?? null,
  }
}

const rangeOf = (filter: Json, what: string, scale = 1): Range | null => {
  const end = (key: string): number | null =>
    typeof filter[key] === 'number' ? filter[key] * scale : null
  const [min, max] = [end(`min_${what}`), end(`max_${what}`)]
  return min === null && max === null ? null : { min, max }
}

const namesOf = (value: unknown): readonly string[] | null => {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? [value] : (value as readonly string[])
}

const capabilityOf = (value: unknown): readonly [number, number] | null => {
  if (value === null || value === undefined) return null
  const parts = typeof value === 'string' ? value.split('.') : (value as readonly unknown[])
  return [Number(parts[0]), Number(parts[1])]
}

const gpuRequirementOf = (filter: Json): GpuRequirement | null => {
  const vendor = filter['gpu_vendor']
  const requirement: GpuRequirement = {
    names: namesOf(filter['gpu_name']),
    count: rangeOf(filter, 'gpu_count') ?? { min: null, max: null },
    memoryMib: rangeOf(filter, 'gpu_memory', mibPerGb),
    totalMemoryMib: rangeOf(filter, 'total_gpu_memory', mibPerGb),
    computeCapability: capabilityOf(filter['min_compute_capability']),
    vendors: typeof vendor === 'string' && vendor ? [vendor.toLowerCase() as GpuVendor] : null,
  }
  const { count, ...rest } = requirement
  const asks = count.min !== null || count.max !== null
  return asks || Object.values(rest).some((part) => part !== null) ? requirement : null
}

const requirementsOf = (filter: Json): Requirements => {
  const price = filter['max_price']
  return {
    cpu: rangeOf(filter, 'cpu') ?? { min: null, max: null },
    memoryMib: rangeOf(filter, 'memory', mibPerGb) ?? { min: null, max: null },
    diskMib: rangeOf(filter, 'disk_size', mibPerGb),
    gpu: gpuRequirementOf(filter),
    spot: typeof filter['spot'] === 'boolean' ? filter['spot'] : null,
    maxPriceNanoUsd: typeof price === 'number' ? parseUsd(String(price)) : null,
    backends: namesOf(filter['provider']),
    regions: null,
    instanceTypes: null,
  }
}

export const queries: Chapter = {
  file: 'queries.json',
  needs: ['catalog.json', 'gpus.json'],
  *run(vectors, needs) {
    const known = record(JSON.parse(needed(needs, 'gpus.json')))['current']
    const capabilities = capabilitiesOf(known)
    const items = records(JSON.parse(needed(needs, 'catalog.json')))
      .map((item) => itemOf(item, capabilities))
      .filter((item) => item !== null)
    const search = vectorSearch(items)
    const offered = new Set(items.map(({ id }) => id))
    for (const vector of records(vectors)) yield runQuery(vector, search, offered)
  },
}

const runQuery = (
  vector: Json,
  search: ReturnType<typeof vectorSearch>,
  offered: ReadonlySet<number>,
): VectorResult => {
  const id = `query ${Number(vector['n'])}`
  const filter = record(vector['filter'])
  const unknown = inexpressible.find((key) => filter[key] !== undefined && filter[key] !== null)
  if (unknown) return skipped(id, `the filter ${unknown} cannot be asked for`)

  const expected = (vector['expected'] as readonly number[]).filter((item) => offered.has(item))
  const got = search(requirementsOf(filter))
  const ordered = vector['price_sorted'] === true && vector['cross_provider_ties'] === false
  const comparable = (ids: readonly number[]): string =>
    JSON.stringify(ordered ? ids : ids.toSorted((left, right) => left - right))
  return comparable(expected) === comparable(got) ? passed(id) : failed(id, expected, got)
}
