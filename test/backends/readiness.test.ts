import { expect, test } from 'vitest'
import { readinessOf, secretsAmong } from '#backends/kit/readiness'

test('all that a ready backend was given is secret, but for the region', () => {
  const wanted = { key: ['A_KEY', 'OLD_KEY'], project: ['A_PROJECT'], region: ['A_REGION'] }
  const readiness = readinessOf({ OLD_KEY: 'k', A_PROJECT: 'p', A_REGION: 'eu-west-1' }, wanted)
  if (readiness.status !== 'ready') throw new Error(readiness.status)
  expect([...secretsAmong(readiness.values)]).toEqual(['k', 'p'])
})
