/** The certificates that the server was told to use. */
import { join, resolve } from 'node:path'
import type { RunsHere } from '#api/runs'
import type { Certificates, Log } from '#api/server'
import { ArgumentError } from '#domain/errors'
import { dataHome } from '#platform/home'
import { systemHttpClock } from '#platform/http-time'
import type { ServerFlags } from './commands/server.ts'
import type { World } from './world.ts'

export interface TlsAsked {
  readonly world: World
  readonly runs: RunsHere
  readonly log: Log
  readonly signal: AbortSignal
}

const limitBytes = 1024 * 1024

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const fromFiles = async (
  files: { readonly cert: string; readonly key: string },
  { log, signal }: TlsAsked,
): Promise<Certificates> => {
  const { newFileCertificates } = await import('#api/server')
  let tell: (pem: { readonly cert: string; readonly key: string }) => void = () => undefined
  const certificates = newFileCertificates({
    files,
    clock: systemHttpClock,
    onChanged: (pem) => {
      log.info('the certificate has changed')
      tell(pem)
    },
    onTrouble: (error) => log.warn({ problem: messageOf(error) }, 'the new certificate is no use'),
  })
  void certificates.tend(signal)
  return {
    ...certificates,
    onChanged: (listener) => {
      tell = listener
    },
  }
}

/** Names are ordered only for what is served: anybody can say a name. */
const isOurs =
  (domain: string, { store }: RunsHere) =>
  (host: string): boolean => {
    if (host === `gateway.${domain}`) return true
    if (!host.endsWith(`.${domain}`)) return false
    const run = store.runNamed(host.slice(0, -domain.length - 1))
    return run !== null && run.endedMs === null
  }

const issued = async (flags: ServerFlags, asked: TlsAsked): Promise<Certificates> => {
  const { world, runs, log, signal } = asked
  const { letsEncrypt, newAcmeCertificates } = await import('#api/server')
  const { gatewayDomain, acmeDirectory, acmeCa, acmeEmail, acmeAgree } = flags
  if (gatewayDomain === undefined) {
    throw new ArgumentError('certificates are issued for a domain', {
      hint: 'give --gateway-domain',
    })
  }
  const folder = join(dataHome(world.environment), 'tls')
  const certificates = newAcmeCertificates({
    directoryUrl: acmeDirectory ?? letsEncrypt,
    directoryCa:
      acmeCa === undefined ? null : world.files.readText(resolve(world.cwd, acmeCa), limitBytes),
    email: acmeEmail ?? null,
    folder,
    termsAgreed: acmeAgree === true,
    isOurs: isOurs(gatewayDomain, runs),
    clock: systemHttpClock,
    random: Math.random,
    events: {
      issued: (host) => log.info({ host }, 'certificate issued'),
      failed: (host, error, retryMs) =>
        log.warn({ host, problem: messageOf(error), retryMs }, 'no certificate'),
      putOff: (host, retryMs) =>
        log.warn(
          { host, retryMs, folder },
          'no certificate: orders of before have failed; without failures.json it is tried at once',
        ),
    },
  })
  void certificates.tend(signal)
  return { ...certificates, pem: () => null, onChanged: () => undefined }
}

/** Null for plain HTTP. Throws ArgumentError for half of what is needed. */
export const certificatesOf = async (
  flags: ServerFlags,
  asked: TlsAsked,
): Promise<Certificates | null> => {
  const { tlsCert, tlsKey, acme } = flags
  if (acme === true && (tlsCert ?? tlsKey) !== undefined) {
    throw new ArgumentError('--acme does not go with --tls-cert', { hint: 'give one of them' })
  }
  if (acme === true) return issued(flags, asked)
  if (tlsCert === undefined && tlsKey === undefined) return null
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new ArgumentError('a certificate needs its key, and a key its certificate', {
      hint: 'give both --tls-cert and --tls-key',
    })
  }
  const { cwd } = asked.world
  return fromFiles({ cert: resolve(cwd, tlsCert), key: resolve(cwd, tlsKey) }, asked)
}
