import { describe, expect, test } from 'vitest'
import { BackendUnusableError } from '#domain/errors'
import { offersOf } from '#launch/offers-again'
import { printRunRequest, readRunRequest, type RunRequest } from '#launch/run-request'
import { printInstant } from '#platform/http-time'
import { anOffer, someRequirements } from '../builders.ts'
import { spec } from '../runs/world.ts'

const hourMs = 60 * 60 * 1000
const submittedMs = Date.UTC(2026, 0, 1)
const shown = [anOffer({ backend: 'gcp' }), anOffer({ backend: 'azure' })]
const seen = (atMs: number) => ({
  observation: { ...anOffer().observation, observedAt: printInstant(atMs) },
})
const later = anOffer({ backend: 'gcp', ...seen(submittedMs) })
const old = anOffer({ backend: 'azure', ...seen(submittedMs - 30 * 24 * hourMs) })

const runOf = (change: Partial<RunRequest> = {}) => ({
  id: '1',
  name: 'served',
  status: 'running' as const,
  reason: null,
  wantedReplicas: 1,
  submittedMs,
  endedMs: null,
  spec: {
    ...spec,
    request: printRunRequest({
      requirements: someRequirements(),
      offers: shown,
      isFixed: false,
      allowStale: false,
      serving: { auth: false, model: null, scaling: null },
      ...change,
    }),
  },
})

const search = () => Promise.resolve([later, old])
const soonMs = submittedMs + 60_000
const lateMs = submittedMs + hourMs

describe('offers of a run', () => {
  test('are those that were shown, for minutes', async () => {
    expect(await offersOf(runOf(), soonMs, search)).toEqual(shown)
  })
  test('are looked for again later, at prices that are no older than money is spent at', async () => {
    expect(await offersOf(runOf(), lateMs, search)).toEqual([later])
    expect(await offersOf(runOf({ allowStale: true }), lateMs, search)).toEqual([later, old])
  })
  test('are looked for at the backends that were shown, whatever else can be used by then', async () => {
    const asked: unknown[] = []
    await offersOf(runOf(), lateMs, ({ backends }) => {
      asked.push(backends)
      return Promise.resolve([])
    })
    expect(asked).toEqual([['gcp', 'azure']])
  })
  test('are none where no backend of them can be used any more', async () => {
    const unusable = () => Promise.reject(new BackendUnusableError('nothing can be launched here'))
    expect(await offersOf(runOf(), lateMs, unusable)).toEqual([])
    const broken = () => Promise.reject(new Error('broken'))
    await expect(offersOf(runOf(), lateMs, broken)).rejects.toThrow('broken')
  })
  test('stay as a plan fixes them', async () => {
    expect(await offersOf(runOf({ isFixed: true }), lateMs, search)).toEqual(shown)
  })
})

test('what an earlier version wrote is read as closed as it can be', () => {
  const text = JSON.stringify({ requirements: someRequirements(), offers: [] })
  expect(readRunRequest(text)).toMatchObject({
    isFixed: true,
    allowStale: false,
    serving: { auth: true, model: null, scaling: null },
  })
})
