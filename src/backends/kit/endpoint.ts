import { ArgumentError } from '#domain/errors'
import type { Environment } from '#platform/environment'

/** Where a backend is asked, as its `backend.ts` tells. */
interface Addressed {
  readonly name: string
  readonly endpoint: string
  readonly hosts?: Readonly<Record<string, string>>
}

const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_')

/** `DSTACK_OFFERS_ENDPOINT_RUNPOD` points a backend elsewhere, `…_AZURE_LOGIN` one host of it. */
export const endpointVariable = (backend: string, host?: string): string =>
  `DSTACK_OFFERS_ENDPOINT_${upper(backend)}${host === undefined ? '' : `_${upper(host)}`}`

const checked = (variable: string, address: string): string => {
  const sample = address.replaceAll('{region}', 'region')
  const url = URL.canParse(sample) ? new URL(sample) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new ArgumentError(`${variable} is no http or https address without user and query`, {
      hint: 'write it as https://host/path',
    })
  }
  return address.replace(/\/+$/, '')
}

/** Where a backend is asked, without a slash at the end. Throws ArgumentError for what is no URL. */
export const endpointOf = ({ name, endpoint }: Addressed, environment: Environment): string => {
  const variable = endpointVariable(name)
  return checked(variable, environment[variable]?.trim() || endpoint)
}

/**
 * Its further hosts, by name. Where only the endpoint is pointed elsewhere, they go there too, under
 * their names: whoever speaks to a stand-in never reaches the real cloud by half.
 */
export const hostsOf = (
  backend: Addressed,
  environment: Environment,
): Readonly<Record<string, string>> => {
  const moved = environment[endpointVariable(backend.name)]?.trim()
  const addressOf = (host: string, address: string): string => {
    const variable = endpointVariable(backend.name, host)
    const chosen = environment[variable]?.trim()
    if (chosen) return checked(variable, chosen)
    if (!moved) return address
    const region = address.includes('{region}') ? '/{region}' : ''
    return `${endpointOf(backend, environment)}/${host}${region}`
  }
  const hosts = Object.entries(backend.hosts ?? {})
  return Object.fromEntries(hosts.map(([host, address]) => [host, addressOf(host, address)]))
}
