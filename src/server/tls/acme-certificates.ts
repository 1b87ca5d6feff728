/** Certificates issued on demand, for names that are ours, and renewed in time. */
import type { SecureContext } from 'node:tls'
import { ArgumentError } from '#domain/errors'
import type { HttpClock } from '#platform/http-time'
import { type AcmeDirectory, newAcmeAccount } from './acme-account.ts'
import { orderCertificate } from './acme-order.ts'
import type { UsableCertificate } from './certificate.ts'
import { newCertificateShelf } from './certificate-shelf.ts'
import { newChallenges } from './challenges.ts'
import { newFailingOrders } from './failing-orders.ts'
import { newHeld } from './held-certificates.ts'
import { newOrders, type OrderEvents } from './orders.ts'

export const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory'

export interface AcmeOptions extends AcmeDirectory {
  /** Made where there is none; nobody but its owner reads what lies there. */
  readonly folder: string
  /** By the user, to the terms of whoever issues the certificates. */
  readonly termsAgreed: boolean
  /** Asked before anything is ordered or shown; the host in lower case. */
  readonly isOurs: (host: string) => boolean
  readonly clock: HttpClock
  readonly random: () => number
  readonly events: OrderEvents
}

export interface AcmeCertificates {
  /** Waits for the first certificate of a name; undefined where there is none to be had now. */
  secureContext(name: string): Promise<SecureContext | undefined>
  /** To a path under /.well-known/acme-challenge/; null where it is nothing of ours. */
  answer(path: string): string | null
  /**
   * Renews whatever is due, now and each hour, until the signal aborts; what has expired and is not
   * ours any more goes. Never rejects.
   */
  tend(signal: AbortSignal): Promise<void>
}

const tendEveryMs = 60 * 60 * 1000

/** A host name with a dot in it, in lower case. It becomes the name of a file. */
const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/

const checkOptions = ({ directoryUrl, termsAgreed }: AcmeOptions): void => {
  if (!URL.canParse(directoryUrl) || new URL(directoryUrl).protocol !== 'https:') {
    throw new ArgumentError(`"${directoryUrl}" is no ACME directory`, {
      hint: `it is an https URL, such as ${letsEncrypt}`,
    })
  }
  if (termsAgreed) return
  throw new ArgumentError(
    `"${directoryUrl}" issues certificates only to those who agree to its terms`,
    { hint: 'read them, then agree with --acme-agree' },
  )
}

/** After two thirds of its life. */
const isDue = ({ startsMs, endsMs }: UsableCertificate, nowMs: number): boolean =>
  nowMs >= startsMs + ((endsMs - startsMs) * 2) / 3

/** Throws ArgumentError; whatever goes wrong later is an event. */
export const newAcmeCertificates = (options: AcmeOptions): AcmeCertificates => {
  checkOptions(options)
  const { clock, isOurs } = options
  const challenges = newChallenges()
  const shelf = newCertificateShelf(options.folder, options.directoryUrl)
  const held = newHeld(shelf, clock)
  const account = newAcmeAccount(options, shelf)
  const failing = newFailingOrders(shelf.failuresPath, () => clock.nowMs())
  const order = newOrders(
    async (host) => {
      const text = await orderCertificate(host, account, challenges)
      const certificate = held.take(host, text)
      shelf.keep(host, text)
      return certificate
    },
    { ...options, failing },
  )

  const renew = async (host: string): Promise<void> => {
    const one = held.find(host)
    if (!isOurs(host)) {
      if (one === null) shelf.forget(host)
      return
    }
    if (one === null || isDue(one, clock.nowMs())) await order(host)
  }
  const renewAll = async (signal: AbortSignal): Promise<void> => {
    // One after another: nobody waits for these.
    for (const host of shelf.hosts()) {
      if (signal.aborted) return
      try {
        await renew(host)
      } catch (error) {
        options.events.failed(host, error, clock.nowMs() + tendEveryMs)
      }
    }
  }
  return {
    secureContext: async (name) => {
      const host = name.toLowerCase()
      if (!hostName.test(host) || !isOurs(host)) return undefined
      const one = held.find(host)
      if (one === null) return (await order(host))?.context
      if (isDue(one, clock.nowMs())) void order(host)
      return one.context
    },
    answer: (path) => challenges.answer(path),
    tend: async (signal) => {
      while (!signal.aborted) {
        await renewAll(signal)
        await clock.sleep(tendEveryMs, signal).catch(() => undefined)
      }
    },
  }
}
