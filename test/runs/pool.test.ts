import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { idleMatches } from '#runs/pool'
import { idOf, vectorsOf } from '../../scripts/conformance/compare.ts'
import { namesOf, poolOf } from '../../scripts/conformance/pool-vectors.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../conformance/vectors/service/${name}`, import.meta.url), 'utf8')

const file: unknown = JSON.parse(read('pool_vectors.json'))
const pool = poolOf(file, read('catalog.csv'), read('gpus.json'))

const both = ['a10g-spot', 'a10g-od']

/** What our rules make of the requests: all requirements count, and the cheapest comes first. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'pool-01': ['cpu', ...both, 'a100-od'],
  'pool-02': both,
  'pool-03': both,
  'pool-04': both,
  'pool-06': ['a10g-spot'],
  'pool-07': ['a10g-od'],
  'pool-08': ['a10g-spot'],
  'pool-10': [],
  'pool-11': [],
  'pool-12': ['a10g-od'],
  'pool-13': [],
  'pool-14': [],
  'pool-15': ['a100-od'],
  'pool-16': both,
  'pool-17': both,
  'pool-18': both,
  'pool-19': ['cpu'],
}

describe('the pool of the vectors', () => {
  test.each(vectorsOf(file).map((vector) => [idOf(vector), vector] as const))(
    '%s',
    (id, vector) => {
      expect(namesOf(pool, vector)).toEqual(expected[id])
    },
  )
})

describe('what a machine really costs', () => {
  const request = {
    pool: 'default-pool',
    instanceName: null,
    maxPriceNanoUsd: null,
    matches: () => true,
  }
  const named = (name: string) => pool.filter((one) => one.name === name)

  test('counts, not what it was offered for', () => {
    const [spot] = named('a10g-spot')
    const dearer = pool.map((one) => (one === spot ? { ...one, rateNanoUsd: 2_000_000_000 } : one))
    const names = idleMatches(dearer, request).map(({ name }) => name)
    expect(names).toEqual(['cpu', 'a10g-od', 'a10g-spot', 'a100-od', 'ssh'])
  })

  test('is above every limit where nobody knows it', () => {
    expect(idleMatches(named('ssh'), request)).toHaveLength(1)
    expect(idleMatches(named('ssh'), { ...request, maxPriceNanoUsd: 10 ** 12 })).toEqual([])
  })

  test('is of no matter in another pool', () => {
    expect(idleMatches(pool, { ...request, pool: 'other' })).toEqual([])
  })
})
