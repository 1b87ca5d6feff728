/** `server`: runs looked after, served and scaled, by one process that stays. */
import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { addCommonFlags, addOverlayFlags, type CommonFlags, type OverlayFlags } from '#cli/flags'
import type { CommandGiven } from './given.ts'

export interface ServerFlags extends CommonFlags, OverlayFlags {
  readonly host: string
  readonly port: number
  readonly gatewayDomain?: string
  readonly data?: string
  readonly schedule?: string
  readonly readyWithin: string
  readonly hold: string
  readonly maxHeld: number
  readonly drain: string
  readonly trustProxy?: boolean
  readonly tokenRate?: number
  readonly clientRate?: number
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsPort: number
  readonly acme?: boolean
  readonly acmeAgree?: boolean
  readonly acmeEmail?: string
  readonly acmeDirectory?: string
  readonly acmeCa?: string
  readonly logLevel: string
}

const help = `
Without a domain, a run is at http://<run>.localhost:PORT, and always at
http://HOST:PORT/services/<run>/; models are at http://HOST:PORT/v1. With one, a run is at
<run>.DOMAIN and models are at gateway.DOMAIN.
The first signal to end lets requests in flight end first; a second one ends at once.`

const port = (value: string): number => {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : NaN
  if (number <= 65_535) return number
  throw new ArgumentError(`"${value}" is no port`, {
    hint: 'from 0, which is a free one, to 65535',
  })
}

const count = (value: string): number => {
  if (/^\d{1,6}$/.test(value)) return Number(value)
  throw new ArgumentError(`"${value}" is no whole number`, { hint: 'such as 0 or 100' })
}

const rate = (value: string): number => {
  if (/^\d{1,6}(\.\d{1,3})?$/.test(value) && Number(value) > 0) return Number(value)
  throw new ArgumentError(`"${value}" is no number of requests a second`, { hint: 'such as 10' })
}

const addTls = (command: Command): Command =>
  command
    .optionsGroup('TLS:')
    .option('--tls-cert <file>', 'a chain of certificates (PEM)')
    .option('--tls-key <file>', 'its private key')
    .option('--tls-port <port>', 'where HTTPS listens, once there are certificates', port, 443)
    .option('--acme', 'have certificates issued (HTTP-01: --port is reached as 80 from outside)')
    .option('--acme-agree', 'agree to the terms of whoever issues them')
    .option('--acme-email <address>', 'where they write to')
    .option('--acme-directory <url>', "an ACME directory (default: Let's Encrypt)")
    .option('--acme-ca <file>', 'whom the directory itself is certified by')

export const addServerCommand = (
  program: Command,
  { world, ending, typed }: CommandGiven,
): void => {
  const command = program
    .command('server')
    .summary('serve runs: gateway, models, autoscaler')
    .description('Looks after runs, scales and serves them, until it is told to end.')
  if (!typed) return
  command
    .optionsGroup('Server:')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <port>', 'of HTTP', port, 3000)
    .option('--gateway-domain <domain>', 'runs are served at <run>.<domain>')
    .option('--data <dir>', 'holds everything, instead of the folders of the user')
    .option('--schedule <crontab>', 'refresh catalogs at these times, such as "5 * * * *"')
    .option('--ready-within <duration>', 'a replica that answers nothing for so long fails', '30m')
    .option('--hold <duration>', 'how long a request waits for a replica', '5m')
    .option('--max-held <count>', 'how many requests of a run may wait', count, 100)
    .option('--drain <duration>', 'how long requests in flight may take at the end', '5m')
    .option('--trust-proxy', 'X-Forwarded-* of whoever connects is true')
    .option('--token-rate <number>', 'requests a second of one token', rate)
    .option('--client-rate <number>', 'requests a second of one address', rate)
    .option('--log-level <level>', 'debug, info, warn, error or silent', 'info')
  addTls(addCommonFlags(command))
  addOverlayFlags(command.optionsGroup('Catalog:'))
    .addHelpText('after', help)
    .action(async (flags: ServerFlags) => {
      const { runServer } = await import('#cli/run-server')
      ending.code = await runServer(flags, world)
    })
}
