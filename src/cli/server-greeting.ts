/** What whoever starts the server has to know. */
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

export const urlOf = ({ host, port }: Pick<Greeting, 'host' | 'port'>): string =>
  `http://${authority(reachable(host), port, 80)}`

/** Of a service, by its run's name or a placeholder. */
const serviceUrls = (run: string, greeting: Omit<Greeting, 'adminToken'>): readonly string[] => {
  const { port, tlsPort, domain } = greeting
  const scheme = tlsPort === null ? 'http' : 'https'
  const shown = authority('', tlsPort ?? port, tlsPort === null ? 80 : 443)
  const own = `${scheme}://${run}.${domain ?? 'localhost'}${shown}`
  return [own, ...(tlsPort === null ? [`${urlOf(greeting)}/services/${run}/`] : [])]
}

export const printGreeting = (greeting: Greeting): string => {
  const { domain, tlsPort, adminToken, port } = greeting
  const [own, byPath] = serviceUrls('<run>', greeting)
  const scheme = tlsPort === null ? 'http' : 'https'
  const shown = authority('', tlsPort ?? port, tlsPort === null ? 80 : 443)
  const models =
    domain === null ? `${urlOf(greeting)}/v1` : `${scheme}://gateway.${domain}${shown}/v1`
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
