/**
 * The front door of the services: who may enter, which replica answers, and what happens where none
 * does. `handle` and `upgrade` are for a server of node:http; `front.ts` makes one that is strict.
 */
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Bearer, Service } from '#domain/serving'
import {
  askFor,
  AnswerJourney,
  type UpstreamAnswer,
  type UpstreamRequest,
} from './answer-journey.ts'
import { newArrivals } from './arrival.ts'
import { ClientBody, hasBody } from './client-body.ts'
import { newDoors } from './doors.ts'
import type { Ask } from './journey.ts'
import { newKeeper } from './keeper.ts'
import { defaultGatewayLimits, type GatewayOptions } from './options.ts'
import { ProxyJourney } from './proxy-journey.ts'
import { badRequest, notFound, refuse, unforeseen } from './refusal.ts'
import { headersForReplica } from './request-head.ts'
import type { ServiceDoor } from './service-door.ts'
import { UpgradeJourney } from './upgrade-journey.ts'

export type { UpstreamAnswer, UpstreamRequest } from './answer-journey.ts'

export interface Gateway {
  /** `awaitsContinue` where the client sends no body before it was told to (`checkContinue`). */
  handle(request: IncomingMessage, response: ServerResponse, awaitsContinue?: boolean): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** All services there are now. Requests that wait for a replica go on where there is one. */
  update(services: readonly Service[]): void
  /**
   * For the models' endpoint: the same wait, count, balance and retries. Rejects with a
   * GatewayRefusal where no replica answers, and with the signal's reason.
   */
  send(service: Service, request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer>
  /** No new request goes to the replica from now on; how many are still in flight on it. */
  drain(replicaId: string): number
  /** Requests on replicas of the run, open WebSockets among them. */
  inFlight(runId: string): number
  /** Requests that wait for a replica of the run. */
  held(runId: string): number
  /** Lets what is in flight end for so long, then ends it. Those that wait are sent away. */
  close(graceMs: number): Promise<void>
}

interface Entry {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  /** Makes the client send the body of its request. */
  readonly invite: () => void
}

/** Once a server has seen an upgrade it leaves the connection alone: an answer needs one of ours. */
const responseOn = (request: IncomingMessage, socket: Socket): ServerResponse => {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.once('finish', () => socket.end())
  socket.on('drain', () => response.emit('drain'))
  socket.on('error', () => socket.destroy())
  return response
}

export const newGateway = (options: GatewayOptions): Gateway => {
  const { clock, events } = options
  const limits = { ...defaultGatewayLimits, ...options.limits }
  const doors = newDoors({ limits, clock, events })
  const trustedPeer = options.trustedPeer ?? (() => false)
  const arrivalOf = newArrivals(trustedPeer)
  const keeper = newKeeper({
    ...options,
    limits,
    trustedPeer,
    arrivalOf,
    doorOf: (run) => doors.byRun(run),
  })
  const idPrefix = randomBytes(4).toString('hex')
  let entries = 0

  const askOf = (entry: Entry, door: ServiceDoor, path: string, prefix: string): Ask => {
    const { request, invite } = entry
    const headers = headersForReplica(request.rawHeaders, {
      arrival: arrivalOf(request.socket),
      withholdAuthorization: door.service.auth,
      prefix,
    })
    const body = hasBody(request) ? new ClientBody(request, { limits, invite }) : null
    return { method: request.method ?? 'GET', path, headers, body, upgrade: null }
  }

  const startProxy = (entry: Entry, door: ServiceDoor, ask: Ask): void => {
    const journey = new ProxyJourney(door, ask, entry)
    // A body that came with its head is here as soon as the parser is done with what it read.
    if (ask.body === null) journey.begin()
    else queueMicrotask(() => journey.begin())
  }

  const startModels = (entry: Entry, bearer: Bearer, path: string): void => {
    const { request, response, requestId, invite } = entry
    invite()
    options.models(request, response, bearer, path).catch((error: unknown) => {
      refuse(response, unforeseen(error), requestId)
    })
  }

  const redirect = ({ response }: Entry, location: string): void => {
    response.writeHead(308, { location, 'content-length': 0 })
    response.end()
  }

  const enter = (entry: Entry, proceed: typeof startProxy): void => {
    const { request, response, requestId } = entry
    if (doors.closing) response.shouldKeepAlive = false
    const admission = keeper.admit(request, response)
    switch (admission.kind) {
      case 'refused':
        refuse(response, admission.refusal, requestId)
        return
      case 'answered':
        return
      case 'redirect':
        redirect(entry, admission.location)
        return
      case 'models':
        startModels(entry, admission.bearer, admission.path)
        return
      case 'service': {
        const { door, path, prefix } = admission
        events.counted(door.service.runId, clock.nowMs())
        proceed(entry, door, askOf(entry, door, path, prefix))
      }
    }
  }

  const entryOf = (
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
  ): Entry => {
    entries += 1
    const invite = awaitsContinue ? () => response.writeContinue() : () => {}
    return { request, response, requestId: `${idPrefix}-${entries.toString(36)}`, invite }
  }

  return {
    handle: (request, response, awaitsContinue = false) => {
      enter(entryOf(request, response, awaitsContinue), startProxy)
    },

    upgrade: (request, socket, head) => {
      if (!(socket instanceof Socket)) {
        socket.destroy()
        return
      }
      const response = responseOn(request, socket)
      const asked = entryOf(request, response, false)
      if (hasBody(request)) {
        refuse(response, badRequest('A request to upgrade has no body.'), asked.requestId)
        return
      }
      // Another protocol than WebSocket need not be spoken: the answer is a plain one.
      const websocket = request.headers.upgrade?.toLowerCase() === 'websocket'
      enter(asked, (entry, door, ask) => {
        if (!websocket || request.method !== 'GET') {
          startProxy(entry, door, ask)
          return
        }
        const client = { ...entry, socket, head }
        new UpgradeJourney(door, { ...ask, upgrade: 'websocket' }, client).begin()
      })
    },

    update: (services) => doors.update(services),

    send: (service, request, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const door = doors.byId(service.runId)
        if (door === null) throw notFound()
        events.counted(service.runId, clock.nowMs())
        new AnswerJourney(door, askFor(request), { resolve, reject, signal }).begin()
      }),

    drain: (replicaId) => doors.drain(replicaId),
    inFlight: (runId) => doors.byId(runId)?.outstanding ?? 0,
    held: (runId) => doors.byId(runId)?.queue.size ?? 0,
    close: (graceMs) => doors.close(graceMs),
  }
}
