/** Gateway, models, board and metrics, tied to each other and to nothing that listens. */
import { newTraffic, type Traffic } from '#autoscaler/traffic'
import type { IdentifyBearer, Service } from '#domain/serving'
import { type Gateway, newGateway } from '#gateway/gateway'
import { defaultGatewayLimits, type GatewayLimits } from '#gateway/options'
import type { RunsHere } from '#launch/runs-here'
import { newModels } from '#models/models'
import type { Environment } from '#platform/environment'
import type { HttpClock } from '#platform/http-time'
import type { OnTrouble } from '#runs/hands'
import { type Board, newBoard } from './board.ts'
import type { Log } from './log.ts'
import { type Metrics, type MetricsSources, newMetrics } from './metrics.ts'
import type { Load } from './scaling.ts'

export interface PartsOptions {
  /** Null for `<run>.localhost`. */
  readonly domain: string | null
  readonly runs: RunsHere
  readonly environment: Environment
  readonly clock: HttpClock
  readonly identify: IdentifyBearer
  readonly limits: Partial<GatewayLimits>
  /** Whether what a peer of this address says of the client behind it is believed. */
  readonly trustedPeer: (address: string) => boolean
  readonly readyWithinMs: number
  readonly pricesSeen: MetricsSources['pricesSeen']
  readonly log: Log
}

export interface Parts {
  readonly gateway: Gateway
  readonly board: Board
  readonly metrics: Metrics
  readonly traffic: Traffic
  readonly load: Load
}

const metricsOf = ({ runs, clock, pricesSeen }: PartsOptions, load: Load): Metrics =>
  newMetrics({ store: runs.store, load, nowMs: () => clock.nowMs(), pricesSeen })

/** Whoever has left a run to the server waits for this. What could not be written comes next time. */
const newServedNotes = ({ runs: { store }, clock }: PartsOptions, onTrouble: OnTrouble) => {
  const noted = new Set<string>()
  return (services: readonly Service[]): void => {
    try {
      for (const { runId } of services) {
        if (noted.has(runId)) continue
        store.noteServed(runId, clock.nowMs())
        noted.add(runId)
      }
    } catch (error) {
      onTrouble('books', error)
    }
  }
}

export const newParts = (options: PartsOptions, onTrouble: OnTrouble): Parts => {
  const { runs, clock, log, identify, environment } = options
  const traffic = newTraffic()
  const names = new Map<string, string>()
  const gateway: Gateway = newGateway({
    domain: options.domain,
    identify,
    limits: { ...defaultGatewayLimits, ...options.limits },
    trustedPeer: options.trustedPeer,
    clock,
    models: (...call) => models(...call),
    events: {
      counted: (runId, nowMs) => traffic.count(runId, nowMs),
      answered: ({ runId, ...answer }) =>
        metrics.answered({ run: names.get(runId) ?? runId, ...answer }),
      ejected: (runId, replicaId) => log.warn({ run: names.get(runId), replicaId }, 'ejected'),
      returned: (runId, replicaId) => log.info({ run: names.get(runId), replicaId }, 'returned'),
    },
  })
  const noteServed = newServedNotes(options, onTrouble)
  const board = newBoard({
    hands: runs.hands,
    readyWithinMs: options.readyWithinMs,
    onTrouble,
    onChange: (services) => {
      for (const { runId, run } of services) names.set(runId, run)
      gateway.update(services)
      noteServed(services)
    },
  })
  const models = newModels({
    services: () => board.services(),
    send: (service, request, signal) => gateway.send(service, request, signal),
    clock,
    environment,
  })
  const load: Load = {
    inFlight: (runId) => gateway.inFlight(runId),
    held: (runId) => gateway.held(runId),
  }
  const metrics = metricsOf(options, load)
  return { gateway, board, metrics, traffic, load }
}
