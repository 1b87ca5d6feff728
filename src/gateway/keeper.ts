/** Who is let in, and where to. Nothing of a request's body is read for it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bearer } from '#domain/serving'
import type { ArrivalOf } from './arrival.ts'
import type { GatewayLimits, GatewayOptions } from './options.ts'
import { newRateLimit } from './rate-limit.ts'
import {
  badRequest,
  bodyTooLarge,
  GatewayRefusal,
  methodRefused,
  notFound,
  tokenMissing,
  tooManyRequests,
} from './refusal.ts'
import { clientOf } from './request-head.ts'
import { type Route, routeOf } from './route.ts'
import type { ServiceDoor } from './service-door.ts'

type Admission =
  | { readonly kind: 'refused'; readonly refusal: GatewayRefusal }
  /** The answer is given. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'models'; readonly bearer: Bearer; readonly path: string }
  | {
      readonly kind: 'service'
      readonly door: ServiceDoor
      readonly path: string
      readonly prefix: string
    }

interface KeeperOptions extends Pick<GatewayOptions, 'domain' | 'identify' | 'clock'> {
  readonly limits: GatewayLimits
  readonly trustedPeer: (address: string) => boolean
  readonly arrivalOf: ArrivalOf
  readonly doorOf: (run: string) => ServiceDoor | null
}

interface Keeper {
  admit(request: IncomingMessage, response: ServerResponse): Admission
}

const refusedMethods: ReadonlySet<string> = new Set(['TRACE', 'CONNECT'])

const hostsIn = (raw: readonly string[]): number => {
  let count = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}

const oneOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header

/** Browsers ask before they send a token, so this is answered to everybody. */
const answerPreflight = (request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers':
      request.headers['access-control-request-headers'] ?? 'authorization, content-type',
    'access-control-max-age': '86400',
    vary: 'access-control-request-headers',
  })
  response.end()
}

const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

export const newKeeper = (options: KeeperOptions): Keeper => {
  const { identify, limits, clock, trustedPeer, arrivalOf, doorOf } = options
  const domain = (options.domain ?? 'localhost').toLowerCase()
  const perClient = newRateLimit(limits.perClient)
  const perToken = newRateLimit(limits.perToken)

  const malformed = (request: IncomingMessage): GatewayRefusal | null => {
    const { method = '', httpVersion, rawHeaders, headers } = request
    const hosts = hostsIn(rawHeaders)
    if (hosts > 1) return badRequest('There is more than one Host header.')
    if (hosts === 0 && httpVersion !== '1.0') return badRequest('There is no Host header.')
    if (refusedMethods.has(method)) return methodRefused(method)
    const length = headers['content-length']
    const { maxBodyBytes } = limits
    return maxBodyBytes !== null && length !== undefined && Number(length) > maxBodyBytes
      ? bodyTooLarge(maxBodyBytes)
      : null
  }

  const overClientRate = (request: IncomingMessage): GatewayRefusal | null => {
    if (limits.perClient === null) return null
    const told = oneOf(request.headers['x-forwarded-for'])
    const client = clientOf(arrivalOf(request.socket), told, trustedPeer)
    const seconds = perClient.take(client, clock.nowMs())
    return seconds > 0 ? tooManyRequests(seconds) : null
  }

  const bearerOf = (request: IncomingMessage): Bearer | GatewayRefusal => {
    const bearer = identify(request.headers.authorization)
    if (bearer === null) return tokenMissing()
    const seconds = perToken.take(bearer.tokenId, clock.nowMs())
    return seconds > 0 ? tooManyRequests(seconds) : bearer
  }

  const mayEnter = (door: ServiceDoor | null, request: IncomingMessage): GatewayRefusal | null => {
    if (door !== null && !door.service.auth) return null
    const bearer = bearerOf(request)
    if (bearer instanceof GatewayRefusal) return bearer
    return door !== null && bearer.mayUse(door.service.run) ? null : notFound()
  }

  const toModels = (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Admission => {
    response.setHeader('access-control-allow-origin', '*')
    if (isPreflight(request)) {
      answerPreflight(request, response)
      return { kind: 'answered' }
    }
    const bearer = bearerOf(request)
    return bearer instanceof GatewayRefusal
      ? { kind: 'refused', refusal: bearer }
      : { kind: 'models', bearer, path }
  }

  const toService = (
    request: IncomingMessage,
    route: Extract<Route, { kind: 'service' | 'redirect' }>,
  ): Admission => {
    const door = doorOf(route.run)
    const refusal = mayEnter(door, request)
    if (refusal !== null) return { kind: 'refused', refusal }
    if (door === null) return { kind: 'refused', refusal: notFound() }
    if (route.kind === 'redirect') return route
    return { kind: 'service', door, path: route.path, prefix: route.prefix }
  }

  return {
    admit: (request, response) => {
      const problem = malformed(request) ?? overClientRate(request)
      if (problem !== null) return { kind: 'refused', refusal: problem }
      const route = routeOf(domain, request.headers.host, request.url ?? '')
      switch (route.kind) {
        case 'malformed':
          return { kind: 'refused', refusal: badRequest(route.problem) }
        case 'models':
          return toModels(request, response, route.path)
        case 'unknown':
          return { kind: 'refused', refusal: mayEnter(null, request) ?? notFound() }
        case 'service':
        case 'redirect':
          return toService(request, route)
      }
    },
  }
}
