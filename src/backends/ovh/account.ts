/** Where plans can be ordered: only accounts are told, by a signed call. */
import { createHash } from 'node:crypto'
import type { ImportIo, UnsignedCall } from '#backends/kit/io'
import { type Readiness, readinessOf } from '#backends/kit/readiness'
import { readWire } from '#backends/kit/wire'
import type { Environment } from '#platform/environment'
import { availabilityAnswer, timeAnswer } from './schema.ts'

/** Regions by plan code. */
export type PlanRegions = ReadonlyMap<string, readonly string[]>

interface Place {
  /** One of the backend's hosts; its endpoint where absent. */
  readonly host?: string
  /** Of the accounts that are kept there. */
  readonly subsidiary: string
}

const europe: Place = { host: 'eu', subsidiary: 'FR' }

const places: ReadonlyMap<string, Place> = new Map([
  ['ovh-eu', europe],
  ['ovh-ca', { subsidiary: 'WE' }],
])

/** Keys hold for one place alone; Europe where none is named, as in OVHcloud's own clients. */
export const accountReadiness = (environment: Environment): Readiness => {
  const keys = readinessOf(environment, {
    application: ['OVH_APPLICATION_KEY'],
    secret: ['OVH_APPLICATION_SECRET'],
    consumer: ['OVH_CONSUMER_KEY'],
  })
  if (keys.status === 'missing') return { status: 'ready', values: {} }
  const place = environment['OVH_ENDPOINT']?.trim() || 'ovh-eu'
  if (keys.status === 'ready' && !places.has(place)) {
    return { status: 'misconfigured', names: ['OVH_ENDPOINT as ovh-eu or ovh-ca'] }
  }
  return keys.status === 'ready' ? { ...keys, values: { ...keys.values, place } } : keys
}

const signatureOf = (
  { credentials }: ImportIo,
  { method, url, body }: UnsignedCall,
  seconds: number,
): string => {
  const parts = [credentials['secret'], credentials['consumer'], method, url.href, body, seconds]
  return `$1$${createHash('sha1').update(parts.join('+')).digest('hex')}`
}

/** Null without an account. The server's clock is asked first: a signature holds for its time only. */
export const fetchRegions = async (io: ImportIo): Promise<PlanRegions | null> => {
  const { application, consumer, place } = io.credentials
  if (application === undefined || consumer === undefined) return null
  const { subsidiary, ...at } = places.get(place ?? '') ?? europe
  const seconds = readWire(timeAnswer, await io.json({ ...at, path: '/v1/auth/time' }), 'ovh time')
  const value = await io.json({
    ...at,
    path: '/v1/cloud/order/rule/availability',
    query: { ovhSubsidiary: subsidiary },
    sign: (call) => ({
      'x-ovh-application': application,
      'x-ovh-consumer': consumer,
      'x-ovh-timestamp': String(seconds),
      'x-ovh-signature': signatureOf(io, call, seconds),
    }),
  })
  const { plans } = readWire(availabilityAnswer, value, 'ovh regions')
  return new Map(plans.map(({ code, regions }) => [code, regions]))
}
