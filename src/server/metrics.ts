/** What there is to see of the server, in Prometheus' words. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Store } from '#runs/store'
import { isActiveReplica } from '#runs/statuses'
import type { Load } from './scaling.ts'

export interface MetricsSources {
  readonly store: Store
  readonly load: Load
  readonly nowMs: () => number
  /** When the oldest price of each backend was seen. */
  readonly pricesSeen: () => Promise<ReadonlyMap<string, number>>
}

export interface Metrics {
  answered(answer: {
    readonly run: string
    readonly status: number
    readonly tookMs: number
    readonly firstByteMs: number | null
  }): void
  readonly contentType: string
  text(): Promise<string>
}

const seconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
]
const nanoUsdPerUsd = 1e9
const prefix = 'dstack_offers_'

const gaugesOf = (registry: Registry) => {
  const registers = [registry]
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers })
  return {
    inFlight: gauge('requests_in_flight', 'Requests that are being answered.', ['run']),
    held: gauge('requests_held', 'Requests that wait for a replica.', ['run']),
    wanted: gauge('replicas_wanted', 'Replicas that a run should have.', ['run']),
    actual: gauge('replicas', 'Replicas of a run by status.', ['run', 'status']),
    cost: gauge('cost_usd_per_hour', 'Known prices of the machines there are.', ['backend']),
    unpriced: gauge('machines_without_price', 'Machines whose price is not known.', ['backend']),
    catalogAge: gauge('catalog_age_seconds', 'Age of the newest prices.', ['backend']),
    attempts: gauge('attempts', 'Attempts to launch in the books, by outcome.', ['outcome']),
  }
}

type Gauges = ReturnType<typeof gaugesOf>

const setRuns = (gauges: Gauges, { store, load }: MetricsSources): void => {
  for (const { id, name: run, wantedReplicas } of store.runs(false)) {
    gauges.inFlight.set({ run }, load.inFlight(id))
    gauges.held.set({ run }, load.held(id))
    gauges.wanted.set({ run }, wantedReplicas)
    for (const { status } of store.replicas(id)) {
      if (isActiveReplica(status) || status === 'terminating') gauges.actual.inc({ run, status })
    }
  }
}

const setMachines = (gauges: Gauges, { store }: MetricsSources): void => {
  for (const { backend, rateNanoUsd, offer } of store.instances()) {
    const rate = rateNanoUsd ?? offer.priceNanoUsd
    if (rate === null) gauges.unpriced.inc({ backend })
    else gauges.cost.inc({ backend }, rate / nanoUsdPerUsd)
  }
}

const setAttempts = (gauges: Gauges, { store }: MetricsSources): void => {
  for (const run of store.runs(true)) {
    for (const { state, class: failure } of store.attempts(run.id)) {
      gauges.attempts.inc({ outcome: failure ?? state })
    }
  }
}

export const newMetrics = (sources: MetricsSources): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: `${prefix}requests_total`,
    help: 'Requests answered, by status.',
    labelNames: ['run', 'status'],
    registers,
  })
  const latency = new Histogram({
    name: `${prefix}request_seconds`,
    help: 'From the request to the end of its answer.',
    labelNames: ['run'],
    buckets: seconds,
    registers,
  })
  const firstByte = new Histogram({
    name: `${prefix}first_byte_seconds`,
    help: 'From the request to the first byte of its answer.',
    labelNames: ['run'],
    buckets: seconds,
    registers,
  })
  const gauges = gaugesOf(registry)
  return {
    answered: ({ run, status, tookMs, firstByteMs }) => {
      requests.inc({ run, status: String(status) })
      latency.observe({ run }, tookMs / 1000)
      if (firstByteMs !== null) firstByte.observe({ run }, firstByteMs / 1000)
    },
    contentType: registry.contentType,
    text: async () => {
      for (const gauge of Object.values(gauges)) gauge.reset()
      setRuns(gauges, sources)
      setMachines(gauges, sources)
      setAttempts(gauges, sources)
      const nowMs = sources.nowMs()
      for (const [backend, seenMs] of await sources.pricesSeen()) {
        gauges.catalogAge.set({ backend }, (nowMs - seenMs) / 1000)
      }
      return registry.metrics()
    },
  }
}
