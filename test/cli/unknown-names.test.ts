import { expect, test } from 'vitest'
import { unknownGpus, unseenBackends } from '#cli/unknown-names'
import { exactly } from '#domain/range'
import { someRequirements } from '../builders.ts'

const catalog = { gpuNames: () => ['A100', 'H100'] }

const asking = (names: readonly string[] | null) =>
  someRequirements({
    gpu: {
      names,
      vendors: null,
      count: exactly(1),
      memoryMib: null,
      totalMemoryMib: null,
      computeCapability: null,
    },
  })

test('known names pass without case; nothing asked is nothing unknown', async () => {
  expect(await unknownGpus(someRequirements(), catalog)).toEqual([])
  expect(await unknownGpus(asking(null), catalog)).toEqual([])
  expect(await unknownGpus(asking(['a100']), catalog)).toEqual([])
})

test('an unknown name with the nearest known one', async () => {
  expect(await unknownGpus(asking(['A100', 'H10']), catalog)).toEqual([
    'GPU "H10" is not in the catalog; did you mean H100?',
  ])
})

test('a GPU by another name of it', async () => {
  expect(await unknownGpus(asking(['A100-SXM4-80GB']), catalog)).toEqual([
    'GPU "A100-SXM4-80GB" is not in the catalog; did you mean A100?',
  ])
})

test('the marketplace of dstack is accepted, and said to match nothing', () => {
  expect(unseenBackends(someRequirements({ backends: ['dstack', 'aws'] }))).toHaveLength(1)
  expect(unseenBackends(someRequirements({ backends: ['aws'] }))).toEqual([])
})
