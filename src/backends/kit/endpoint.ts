import { ArgumentError } from '#domain/errors'
import type { Environment } from '#platform/environment'

/** `DSTACK_OFFERS_ENDPOINT_RUNPOD` points a backend elsewhere. */
export const endpointVariable = (backend: string): string =>
  `DSTACK_OFFERS_ENDPOINT_${backend.toUpperCase().replaceAll('-', '_')}`

/** Where a backend is asked, without a slash at the end. Throws ArgumentError for what is no URL. */
export const endpointOf = (
  { name, endpoint }: { readonly name: string; readonly endpoint: string },
  environment: Environment,
): string => {
  const variable = endpointVariable(name)
  const chosen = environment[variable]?.trim() || endpoint
  const url = URL.canParse(chosen) ? new URL(chosen) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new ArgumentError(`${variable} is no http or https address without user and query`, {
      hint: 'write it as https://host/path',
    })
  }
  return chosen.replace(/\/+$/, '')
}
