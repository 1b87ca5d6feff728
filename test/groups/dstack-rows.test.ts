/**
 * The groups that dstack's own `--group-by` gives over the same rows. Ours differ on purpose twice:
 * dstack lists every region of a backend, sold there or not; and it orders by the least price of all,
 * which may be out of stock.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalBackend } from '#domain/backend'
import type { Offer } from '#domain/offer'
import { parseUsd } from '#domain/price'
import type { Group } from '#groups/group'
import { groupOffers } from '#groups/group-offers'
import { parseGrouping } from '#groups/grouping'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { catalogOf } from './catalog-of.ts'

interface DstackRow {
  name: string
  memory_mib: number
  vendor: string
  availability: string[]
  spot: string[]
  count: { min: number; max: number }
  price: { min: number; max: number }
  backends: string[] | null
  backend: string | null
  regions: string[] | null
  region: string | null
}

interface Vectors {
  vectors: { groupBy: string[]; rows: DstackRow[] }[]
}

const read = (...path: readonly string[]): string =>
  readFileSync(join(import.meta.dirname, ...path), 'utf8')

const { vectors } = JSON.parse(read('vectors', 'dstack-group-rows.json')) as Vectors

const outOfStock = new Set(['not_available', 'no_quota', 'no_balance'])

const readOffer = (line: string): Offer => {
  const [, backend, name, region, price, cpu, memory, count, gpu, gpuMemory, spot, , stock] =
    line.split(',')
  return anOffer({
    backend: canonicalBackend(backend ?? '') ?? '?',
    region: region ?? null,
    instanceType: anInstanceType({
      name: name ?? '',
      cpus: Number(cpu),
      memoryMib: Number(memory) * 1024,
      gpu: gpu ? aGpu({ name: gpu, memoryMib: Number(gpuMemory) * 1024 }) : null,
      gpuCount: Number(count),
    }),
    spot: spot === 'true',
    priceNanoUsd: parseUsd(price ?? ''),
    stock: outOfStock.has(stock ?? '') ? 'none' : 'unknown',
  })
}

const offers = read('..', 'conformance', 'vectors', 'service', 'catalog.csv')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => readOffer(line.trim()))

const requirements = someRequirements({
  gpu: {
    names: ['A100', 'L4'],
    vendors: null,
    count: { min: 1, max: null },
    memoryMib: null,
    totalMemoryMib: null,
    computeCapability: null,
  },
})

const nano = (usd: number): number => Math.round(usd * 1e9)

const names = (backends: readonly string[]): readonly string[] =>
  backends.map((name) => canonicalBackend(name) ?? name).sort()

/** What both tell. dstack's backends stand in no stated order. */
const dstackRow = (row: DstackRow) => ({
  gpu: [row.name, row.memory_mib, row.vendor],
  count: row.count,
  price: { min: nano(row.price.min), max: nano(row.price.max) },
  spot: row.spot.toSorted(),
  available: row.availability.some((one) => !outOfStock.has(one)),
  backends: names(row.backends ?? [row.backend ?? '']),
  region: row.region,
})

const ourRow = (group: Group, byRegion: boolean) => ({
  gpu: [group.gpu?.name, group.gpu?.memoryMib, group.gpu?.vendor],
  count: group.gpuCount,
  price: group.perGpu,
  spot: [...(group.onDemand ? ['on-demand'] : []), ...(group.spot ? ['spot'] : [])],
  available: group.available > 0,
  backends: names(group.backends.map(({ name }) => name)),
  region: byRegion ? group.regions?.[0] : null,
})

test('the vectors are there', () => {
  expect(offers).toHaveLength(141)
  expect(vectors.map(({ rows }) => rows.length)).toEqual([3, 9, 18, 9])
})

const rowsOf = (groupBy: readonly string[]) => {
  const catalog = catalogOf(offers)
  const { groups } = groupOffers(catalog, requirements, parseGrouping(groupBy))
  catalog.close()
  return groups.map((group) => ({
    row: ourRow(group, groupBy.includes('region')),
    mixed: group.available > 0 && group.available < group.offers,
  }))
}

const text = (rows: readonly object[]): readonly string[] => rows.map((row) => JSON.stringify(row))

test.each(vectors)('the rows of --group-by $groupBy', ({ groupBy, rows }) => {
  const ours = rowsOf(groupBy).map(({ row }) => row)
  expect(text(ours).toSorted()).toEqual(text(rows.map(dstackRow)).toSorted())
})

test.each(vectors)('the order of --group-by $groupBy, where stock is of one kind', (vector) => {
  const plain = text(rowsOf(vector.groupBy).flatMap(({ row, mixed }) => (mixed ? [] : [row])))
  const theirs = text(vector.rows.map(dstackRow)).filter((row) => plain.includes(row))
  expect(plain).toEqual(theirs)
  expect(plain.length).toBeGreaterThan(0)
})

test('regions are those where the GPU is sold, some fewer than dstack lists', () => {
  const catalog = catalogOf(offers)
  const { groups } = groupOffers(catalog, requirements, parseGrouping(['gpu,backend,count']))
  const wrong = groups.flatMap(({ gpu, gpuCount, backends, regions }) => {
    const sold = offers.filter(
      ({ backend, instanceType }) =>
        backend === backends[0]?.name &&
        instanceType.gpu?.memoryMib === gpu?.memoryMib &&
        instanceType.gpu?.name === gpu?.name &&
        instanceType.gpuCount === gpuCount.min,
    )
    const expected = [...new Set(sold.map(({ region }) => region ?? ''))].sort()
    return JSON.stringify(expected) === JSON.stringify(regions) ? [] : [regions]
  })
  expect(wrong).toEqual([])
  const azureFour = groups.find(
    ({ backends, gpuCount }) => backends[0]?.name === 'azure' && gpuCount.min === 4,
  )
  expect(azureFour?.regions).toEqual(['westus3'])
  catalog.close()
})
