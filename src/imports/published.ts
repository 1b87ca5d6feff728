/** The catalogs of gpuhunt and SkyPilot where they are published: no account is needed. */
import { endpointOf, hostsOf } from '#backends/kit/endpoint'
import type { Environment } from '#platform/environment'
import type { Downloads } from '#platform/http-download'
import { publishedGpuhunt } from './published-gpuhunt.ts'
import { publishedSkypilot } from './published-skypilot.ts'
import type { Found } from './source-file.ts'

const gpuhunt = {
  name: 'gpuhunt',
  endpoint: 'https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com/v3',
}

const skypilot = {
  name: 'skypilot',
  endpoint: 'https://raw.githubusercontent.com/skypilot-org/skypilot-catalog',
  hosts: { commits: 'https://api.github.com/repos/skypilot-org/skypilot-catalog/commits' },
}

/** `DSTACK_OFFERS_ENDPOINT_GPUHUNT` and `…_SKYPILOT` point elsewhere, as for backends. */
export const findPublished = (
  name: 'gpuhunt' | 'skypilot',
  environment: Environment,
  downloads: Downloads,
): Found => {
  const close = () => downloads.close()
  if (name === 'gpuhunt') {
    const base = endpointOf(gpuhunt, environment)
    const files = publishedGpuhunt(base, downloads)
    return { what: `gpuhunt's published catalogs at ${base}`, files, close }
  }
  const base = endpointOf(skypilot, environment)
  const commits = hostsOf(skypilot, environment)['commits'] ?? skypilot.hosts.commits
  const files = publishedSkypilot({ base, commits }, downloads)
  return { what: `SkyPilot's published catalogs (v8) at ${base}`, files, close }
}
