import { expect, test } from 'vitest'
import { ArgumentError } from '#domain/errors'
import { groupKeys, parseGrouping } from '#groups/grouping'

test.each([
  [['gpu'], ['gpu']],
  [['gpu,backend'], ['gpu', 'backend']],
  [
    ['backend', ' GPU '],
    ['gpu', 'backend'],
  ],
  [['count,gpu'], ['gpu', 'count']],
  [
    ['region', 'gpu,count,backend', 'gpu'],
    ['gpu', 'backend', 'region', 'count'],
  ],
])('%j groups by %j', (words, keys) => {
  expect(groupKeys(parseGrouping(words))).toEqual(keys)
})

test.each([
  [['gpu', 'zone'], 'cannot group by "zone"', 'one or more of gpu, backend, region, count'],
  [['gpu,'], 'cannot group by ""', 'one or more of gpu, backend, region, count'],
  [['count'], 'cannot group by "count" without "gpu"', '--group-by gpu,count'],
  [
    ['gpu', 'region'],
    'cannot group by "region" without "backend"',
    '--group-by gpu,backend,region',
  ],
  [['region'], 'cannot group by "region" without "gpu"', '--group-by gpu,backend,region'],
])('%j is refused', (words, message, hint) => {
  const refused = (() => {
    try {
      return parseGrouping(words)
    } catch (error) {
      return error
    }
  })()
  expect(refused).toBeInstanceOf(ArgumentError)
  expect(refused).toMatchObject({ message, hint })
})
