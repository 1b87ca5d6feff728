/** What whoever starts the server has to know. */
import type { ServerUrls } from '#api/server-here'

export interface Greeting {
  readonly host: string
  readonly port: number
  readonly tlsPort: number | null
  readonly domain: string | null
  /** Shown once; null where there are tokens already. */
  readonly adminToken: string | null
}

const authority = (host: string, port: number, usual: number): string => {
  const name = host.includes(':') ? `[${host}]` : host
  return port === usual ? name : `${name}:${port}`
}

/** Nobody can connect to the address that stands for all. */
const reachable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host

const urlOf = ({ host, port }: Pick<Greeting, 'host' | 'port'>): string =>
  `http://${authority(reachable(host), port, 80)}`

/**
 * Of a service, by its run's name or a placeholder; last the one that can be reached from wherever
 * the server can: names under localhost are not known everywhere.
 */
const serviceUrls = (run: string, greeting: Omit<Greeting, 'adminToken'>): readonly string[] => {
  const { port, tlsPort, domain } = greeting
  const scheme = tlsPort === null ? 'http' : 'https'
  const shown = authority('', tlsPort ?? port, tlsPort === null ? 80 : 443)
  const own = `${scheme}://${run}.${domain ?? 'localhost'}${shown}`
  return [own, ...(tlsPort === null ? [`${urlOf(greeting)}/services/${run}/`] : [])]
}

/** What other commands print of this server. */
export const serverUrls = (place: Omit<Greeting, 'adminToken'>): ServerUrls => ({
  url: urlOf(place),
  serviceUrl: serviceUrls('<run>', place).at(-1) ?? '',
})

export const printGreeting = (greeting: Greeting): string => {
  const { domain, tlsPort, adminToken, port } = greeting
  const [own, byPath] = serviceUrls('<run>', greeting)
  const scheme = tlsPort === null ? 'http' : 'https'
  const shown = authority('', tlsPort ?? port, tlsPort === null ? 80 : 443)
  const models =
    domain === null && tlsPort === null
      ? `${urlOf(greeting)}/v1`
      : `${scheme}://gateway.${domain ?? 'localhost'}${shown}/v1`
  return [
    `services  ${own}`,
    ...(byPath === undefined ? [] : [`          ${byPath}`]),
    `models    ${models}`,
    ...(adminToken === null
      ? []
      : [
          `token     ${adminToken}`,
          '          shown once; dstack-offers token create makes others',
        ]),
    '',
  ].join('\n')
}
