/**
 * The backends a configuration may name. dstack 0.18's own spellings that differ are aliases.
 * `dstack` (the Sky marketplace) is accepted, matches nothing, and says so.
 */
export const backendAliases: ReadonlyMap<string, string> = new Map([
  ['lambda', 'lambdalabs'],
  ['datacrunch', 'verda'],
  ['remote', 'ssh'],
])

/** Canonical names, in the order that breaks ties between equal prices. */
export const backendNames = [
  'aws',
  'azure',
  'gcp',
  'lambdalabs',
  'runpod',
  'verda',
  'nebius',
  'oci',
  'vastai',
  'tensordock',
  'cudo',
  'cloudrift',
  'crusoe',
  'digitalocean',
  'hotaisle',
  'jarvislabs',
  'seeweb',
  'vultr',
  'hyperstack',
  'hyperbolic',
  'shadeform',
  'primeintellect',
  'scaleway',
  'hetzner',
  'ovh',
  'linode',
  'paperspace',
  'coreweave',
  'dataoorts',
  'genesiscloud',
  'gpuhub',
  'packetai',
  'kubernetes',
  'ssh',
  'docker',
  'local',
  'dstack',
  'simulator',
] as const

/** Backends of machines that are the user's own. A price of 0 is true there, and an error elsewhere. */
export const ownBackends: ReadonlySet<string> = new Set(['kubernetes', 'ssh', 'docker', 'local'])

/** The canonical name of a backend, or null where there is none of that spelling. */
export const canonicalBackend = (name: string): string | null => {
  const canonical = backendAliases.get(name) ?? name
  return (backendNames as readonly string[]).includes(canonical) ? canonical : null
}
