/** A simulation for programs. Money is a decimal string, a time is seconds from the trace's start. */
import { printNanoUsd } from '#api/cost'
import {
  costNanoUsd,
  type SimulatedScaling,
  type Simulation,
  stepsOf,
  type Suggestion,
} from '#api/simulate'
import type { Json } from '#domain/json'
import { printUsd } from '#domain/price'
import { formatVersion } from './output/document.ts'
import type { SimulatedPrice, SimulationOutcome } from './simulate-outcome.ts'

const toScaling = (scaling: SimulatedScaling): Json => ({
  target: scaling.target,
  scale_up_delay_seconds: scaling.scaleUpDelaySeconds,
  scale_down_delay_seconds: scaling.scaleDownDelaySeconds,
})

const toResult = (simulation: Simulation, { priceNanoUsd }: SimulatedPrice) => {
  const { requests, dropped, waits, coldStarts, replicaMs } = simulation
  return {
    cost: {
      amount: priceNanoUsd === null ? null : printNanoUsd(costNanoUsd(replicaMs, priceNanoUsd)),
      currency: 'USD',
    },
    replica_seconds: replicaMs / 1000,
    wait_seconds:
      waits === null
        ? null
        : { p50: waits.p50Ms / 1000, p95: waits.p95Ms / 1000, max: waits.maxMs / 1000 },
    requests,
    dropped,
    cold_starts: coldStarts,
  } satisfies Json
}

const toSuggestion = ({ scaling, simulation }: Suggestion, price: SimulatedPrice): Json => ({
  scaling: toScaling(scaling),
  result: toResult(simulation, price),
})

export const toSimulationDocument = (outcome: SimulationOutcome): Json => {
  const { trace, service, price, simulation, suggestions } = outcome
  const sinceStart = (atMs: number): number => (atMs - trace.startMs) / 1000
  return {
    format_version: formatVersion,
    kind: 'simulation',
    configuration: outcome.file,
    trace: {
      file: outcome.traceFile,
      requests: trace.arrivalsMs.length,
      seconds: sinceStart(trace.endMs),
    },
    assumptions: {
      replicas: { min: service.limits.min, max: service.limits.max },
      scaling: service.scaling === null ? null : toScaling(service.scaling),
      service_seconds: service.serviceMs / 1000,
      startup_seconds: service.startupMs / 1000,
      concurrency: service.concurrency,
      max_held: service.hold.maxHeld,
      hold_seconds: service.hold.holdMs / 1000,
      decide_every_seconds: service.decideEveryMs / 1000,
      price: {
        amount: price.priceNanoUsd === null ? null : printUsd(price.priceNanoUsd),
        currency: 'USD',
        per: 'instance_hour',
      },
      offer: price.offer?.id ?? null,
    },
    result: toResult(simulation, price),
    steps: stepsOf(trace, simulation).map(({ atMs, replicas, ready }) => ({
      at_seconds: sinceStart(atMs),
      replicas,
      ready,
    })),
    suggestions: {
      tried: suggestions.tried,
      better: suggestions.better.map((one) => toSuggestion(one, price)),
      dearer: suggestions.dearer.map((one) => toSuggestion(one, price)),
    },
  }
}
