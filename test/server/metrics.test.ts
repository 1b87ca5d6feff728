import { expect, test } from 'vitest'
import { newMetrics } from '#server/metrics'
import { submitRun } from '#runs/submit'
import { newWorld, spec } from '../runs/world.ts'

test('requests, replicas, machines, attempts and ages are told', async () => {
  const world = newWorld()
  submitRun(world.store, { name: 'served', spec }, world.chance())
  await world.settle(world.process('server').hands, 60)
  const load = { inFlight: () => 2, held: () => 1 }
  const pricesSeen = () => Promise.resolve(new Map([['aws', world.nowMs() - 5000]]))
  const metrics = newMetrics({ store: world.store, load, nowMs: world.nowMs, pricesSeen })
  metrics.answered({ run: 'served', status: 200, tookMs: 3, firstByteMs: 2 })
  metrics.answered({ run: 'served', status: 503, tookMs: 3, firstByteMs: null })
  for (let twice = 0; twice < 2; twice += 1) {
    const text = await metrics.text()
    for (const line of [
      'dstack_offers_requests_total{run="served",status="200"} 1',
      'dstack_offers_requests_total{run="served",status="503"} 1',
      'dstack_offers_request_seconds_count{run="served"} 2',
      'dstack_offers_first_byte_seconds_count{run="served"} 1',
      'dstack_offers_requests_in_flight{run="served"} 2',
      'dstack_offers_requests_held{run="served"} 1',
      'dstack_offers_replicas_wanted{run="served"} 1',
      'dstack_offers_replicas{run="served",status="running"} 1',
      'dstack_offers_cost_usd_per_hour{backend="simulator"} 0.1',
      'dstack_offers_catalog_age_seconds{backend="aws"} 5',
      'dstack_offers_attempts{outcome="known"} 1',
    ]) {
      expect(text).toContain(line)
    }
  }
})
