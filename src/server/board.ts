/** What the gateway is told: the services there are, and the replicas of them that answer. */
import type { Service, ServingReplica } from '#domain/serving'
import { tunnelTo } from '#launch/reach-replica'
import type { Tunnel } from '#backends/kit/tunnel'
import { readRunRequest } from '#launch/run-request'
import { type Forward, forwardPort } from '#platform/local-port'
import { giveUpReplica } from '#runs/give-up-replica'
import type { Hands } from '#runs/hands'
import type { Instance, Replica, Run } from '#runs/rows'
import { holdTunnel } from './held-tunnel.ts'
import { answersHttp } from './probe.ts'

export interface BoardOptions {
  readonly hands: Hands
  /** A replica whose port answers nothing for so long has failed. */
  readonly readyWithinMs: number
  /** Called whenever what is served has changed. */
  readonly onChange: (services: readonly Service[]) => void
  readonly onTrouble: (where: string, error: unknown) => void
}

/** Of one submission: a machine of a pool serves one replica after another. */
interface Way {
  readonly instanceId: string
  readonly runId: string
  readonly sinceMs: number
  /** Where it is reached from here, once that is known. */
  address: Pick<ServingReplica, 'host' | 'port'> | null
  readonly tunnel: Tunnel
  forward: Forward | null
  isReady: boolean
  isBusy: boolean
}

const probeTimeoutMs = 5000
const lookAgainMs = 500

export interface Board {
  /** Looks at the books; replicas that are new are tried. */
  look(): void
  /** Looks where there may be something to see, and from time to time anyway. */
  glance(): void
  services(): readonly Service[]
  close(): void
}

const end = ({ forward, tunnel }: Way): void => {
  forward?.close()
  tunnel.close()
}

export const newBoard = (options: BoardOptions): Board => {
  const { hands, readyWithinMs, onChange, onTrouble } = options
  const { store, clock } = hands
  const ways = new Map<string, Way>()
  let told = ''
  let now: readonly Service[] = []

  const wayTo = async (instance: Instance, way: Way): Promise<void> => {
    const { serviceHost: host, servicePort: port } = instance
    if (host !== null && port !== null) {
      way.address = { host, port }
      return
    }
    if (way.forward === null) {
      way.forward = await forwardPort(0, () => way.tunnel.open())
      way.address = { host: '127.0.0.1', port: way.forward.port }
    }
  }

  const attempt = async (instance: Instance, replica: Replica, way: Way): Promise<void> => {
    way.isBusy = true
    try {
      await wayTo(instance, way)
      if (await answersHttp(() => way.tunnel.open(), { timeoutMs: probeTimeoutMs })) {
        way.isReady = true
        look()
      } else if (clock.nowMs() - way.sinceMs > readyWithinMs) {
        giveUpReplica(store, replica, 'nothing answers HTTP on its port')
      }
    } catch (error) {
      onTrouble(instance.name, error)
    } finally {
      way.isBusy = false
    }
  }

  const servingOf = (replica: Replica): readonly ServingReplica[] => {
    const instance = replica.instanceId === null ? null : store.instance(replica.instanceId)
    if (replica.status !== 'running' || instance === null || instance.endedMs !== null) return []
    const key = `${instance.id} ${replica.runId} ${replica.submission}`
    const way = ways.get(key) ?? newWay(replica, instance)
    ways.set(key, way)
    if (!way.isReady && !way.isBusy) void attempt(instance, replica, way)
    if (!way.isReady || way.address === null) return []
    return [{ id: instance.id, replica: replica.replica, ...way.address }]
  }

  const newWay = ({ runId, runningMs }: Replica, instance: Instance): Way => ({
    instanceId: instance.id,
    runId,
    sinceMs: runningMs ?? clock.nowMs(),
    address: null,
    tunnel: holdTunnel(() => tunnelTo(hands, instance)),
    forward: null,
    isReady: false,
    isBusy: false,
  })

  const serviceOf = (run: Run): Service => {
    const { auth, model } = readRunRequest(run.spec.request).serving
    const replicas = store.replicas(run.id).flatMap(servingOf)
    return { runId: run.id, run: run.name, submittedMs: run.submittedMs, auth, model, replicas }
  }

  const forget = (): void => {
    const users = new Map(store.instances().map(({ id, runId }) => [id, runId]))
    for (const [key, way] of ways) {
      if (users.get(way.instanceId) === way.runId) continue
      end(way)
      ways.delete(key)
    }
  }

  const look = (): void => {
    now = store
      .runs(false)
      .filter(({ status, spec }) => status !== 'terminating' && spec.workload !== null)
      .map(serviceOf)
    forget()
    const text = JSON.stringify(now)
    if (text === told) return
    told = text
    onChange(now)
  }

  let seen = ''
  let lookedMs = -Infinity
  const glance = (): void => {
    const version = `${store.version()} ${store.transitionsWritten()}`
    if (version === seen && clock.nowMs() - lookedMs < lookAgainMs) return
    seen = version
    lookedMs = clock.nowMs()
    look()
  }

  return {
    look,
    glance,
    services: () => now,
    close: () => {
      for (const way of ways.values()) end(way)
    },
  }
}
