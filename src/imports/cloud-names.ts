import { canonicalBackend } from '#domain/backend'

/** SkyPilot's names of clouds that differ from ours and are no alias of dstack's. */
const skypilotNames: ReadonlyMap<string, string> = new Map([
  ['do', 'digitalocean'],
  ['vast', 'vastai'],
  ['ovhcloud', 'ovh'],
])

/** Our name of a cloud as gpuhunt or SkyPilot call it; null for a cloud this program does not know. */
export const backendOfCloud = (cloud: string): string | null =>
  canonicalBackend(skypilotNames.get(cloud.toLowerCase()) ?? cloud.toLowerCase())

/** `aws` of `aws.csv`, `do` of `do/vms.csv`; null where a path tells none. */
export const cloudOfPath = (path: string): string | null => {
  const [file = '', folder] = path.split(/[/\\]/).toReversed()
  const stem = file.replace(/\.csv$/i, '')
  return stem === 'vms' ? (folder ?? null) : stem
}
