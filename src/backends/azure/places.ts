/** Where things of ours are kept, below a subscription, and the version of the API that is spoken. */
export interface Place {
  readonly path: string
  readonly version: string
}

const computeVersion = '2024-07-01'
const networkVersion = '2024-05-01'
const resourcesVersion = '2021-04-01'

/** Everything of an owner is in one group, and nothing else should be. */
export const groupName = (owner: string): string => `dso-${owner}`

export const groupAt = (group: string): Place => ({
  path: `/resourcegroups/${encodeURIComponent(group)}`,
  version: resourcesVersion,
})

const within = (owner: string, kind: string): string =>
  `/resourceGroups/${groupName(owner)}/providers/${kind}`

export const contentsOf = (group: string): Place => ({
  path: `/resourceGroups/${encodeURIComponent(group)}/resources`,
  version: resourcesVersion,
})

/** Networks are of one region. */
const regionalName = (owner: string, region: string): string =>
  encodeURIComponent(`${groupName(owner)}-${region}`)

export const rulesAt = (owner: string, region: string): Place => ({
  path: `${within(owner, 'Microsoft.Network/networkSecurityGroups')}/${regionalName(owner, region)}`,
  version: networkVersion,
})

export const networkAt = (owner: string, region: string): Place => ({
  path: `${within(owner, 'Microsoft.Network/virtualNetworks')}/${regionalName(owner, region)}`,
  version: networkVersion,
})

export const machinesOf = (owner: string): Place => ({
  path: within(owner, 'Microsoft.Compute/virtualMachines'),
  version: computeVersion,
})

export const machineAt = (owner: string, name: string): Place => ({
  path: `${machinesOf(owner).path}/${encodeURIComponent(name)}`,
  version: computeVersion,
})

/** As the API spells it: below no subscription, since it names its own. */
export const byId = (id: string, kind: 'machine' | 'interface' | 'tags'): Place => {
  if (kind === 'machine') return { path: id, version: computeVersion }
  if (kind === 'interface') return { path: id, version: networkVersion }
  return { path: `${id}/providers/Microsoft.Resources/tags/default`, version: resourcesVersion }
}
