import { expect, test } from 'vitest'
import type { Catalog } from '#api/catalog'
import { unknownGpus, unknownNames, unseenBackends } from '#cli/unknown-names'
import { anything, exactly } from '#domain/range'
import type { Requirements } from '#domain/requirements'

const unused = (): never => {
  throw new Error('not needed here')
}

const catalog: Catalog = {
  search: unused,
  first: unused,
  count: unused,
  summary: unused,
  listing: unused,
  regions: () => ['us-east-1', 'eu-west-1'],
  gpuNames: () => ['A100', 'H100'],
  instanceTypes: () => ['m5.xlarge'],
  backends: () => ['aws'],
  readFiles: unused,
  close: unused,
}

const requirements = (given: Partial<Requirements>): Requirements => ({
  cpu: anything,
  memoryMib: anything,
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
  ...given,
})

const gpu = (names: readonly string[] | null) => ({
  names,
  vendors: null,
  count: exactly(1),
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
})

test('known names pass without case; nothing asked is nothing unknown', async () => {
  expect(await unknownNames(requirements({}), catalog)).toEqual([])
  const known = requirements({ gpu: gpu(['a100']), regions: ['US-EAST-1'], backends: ['aws'] })
  expect(await unknownNames(known, catalog)).toEqual([])
})

test('unknown names of every kind, each with the nearest known one', async () => {
  const asked = requirements({
    gpu: gpu(['A100', 'H10']),
    backends: ['gcp'],
    regions: ['us-esat-1'],
    instanceTypes: ['m5.xlrage'],
  })
  expect(await unknownNames(asked, catalog)).toEqual([
    'GPU "H10" is not in the catalog; did you mean H100?',
    'backend "gcp" is not in the catalog',
    'region "us-esat-1" is not in the catalog; did you mean us-east-1?',
    'instance type "m5.xlrage" is not in the catalog; did you mean m5.xlarge?',
  ])
  expect(await unknownGpus(asked, catalog)).toHaveLength(1)
})

test('a GPU by another name of it', async () => {
  const asked = requirements({ gpu: gpu(['A100-SXM4-80GB']) })
  expect(await unknownGpus(asked, catalog)).toEqual([
    'GPU "A100-SXM4-80GB" is not in the catalog; did you mean A100?',
  ])
})

test('the marketplace of dstack is accepted, and said to match nothing', async () => {
  const asked = requirements({ backends: ['dstack', 'aws'] })
  expect(await unknownNames(asked, catalog)).toEqual(unseenBackends(asked))
  expect(unseenBackends(asked)).toHaveLength(1)
})
