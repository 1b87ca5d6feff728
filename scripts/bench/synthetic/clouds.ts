/** Who sells in a synthetic catalog, where, and what share of the offers is theirs. */

export interface Cloud {
  readonly backend: string
  /** Share of the offers that are not of private hosts. */
  readonly weight: number
  /** It has no more offers than this, however large the catalog. */
  readonly most: number
  readonly regions: readonly (string | null)[]
  /** Share of its regions that sell a given instance type. */
  readonly soldIn: number
  /** Share of its instance types that are also sold as spot. */
  readonly spot: number
  /** Share of its families that carry accelerators. */
  readonly accelerated: number
  /** Share of its offers that are out of stock; large clouds do not tell. */
  readonly soldOut: number
}

export interface Marketplace {
  readonly backend: string
  /** Share of the private hosts. */
  readonly weight: number
  readonly regions: readonly string[]
}

const areas = ['us-east', 'us-west', 'eu-west', 'eu-central', 'ap-south', 'ap-east', 'sa-east']

const awsRegions = [
  ...areas.flatMap((area) => [1, 2, 3, 4, 5].map((number) => `${area}-${number}`)),
  'me-south-1',
]

const gcpRegions = [
  ...['us-central', 'us-east', 'europe-west', 'asia-east', 'asia-northeast'].flatMap((area) =>
    [1, 2, 3, 4, 5, 6, 7].map((number) => `${area}${number}`),
  ),
  'africa-south1',
]

const azureRegions = [
  ...['eastus', 'westus', 'centralus', 'northeurope', 'westeurope', 'southeastasia'].flatMap(
    (area) => ['', '2', '3', 'north', 'south', 'central', 'gov'].map((end) => `${area}${end}`),
  ),
  'brazilsouth',
  'uksouth',
  'japaneast',
  'koreacentral',
]

/** GPU clouds sell the same few machines in a handful of places, at one price. */
const gpuCloud = (backend: string, regions: readonly (string | null)[]): Cloud => ({
  backend,
  weight: 0.006,
  most: 400,
  regions,
  soldIn: 0.7,
  spot: 0.3,
  accelerated: 0.9,
  soldOut: 0.1,
})

const largeCloud = (
  backend: string,
  over: Pick<Cloud, 'weight' | 'regions' | 'spot' | 'accelerated'>,
): Cloud => ({ backend, most: Infinity, soldIn: 0.65, soldOut: 0, ...over })

const smallClouds = ['runpod', 'verda', 'cudo', 'cloudrift', 'crusoe', 'hotaisle', 'jarvislabs']
const plainClouds = ['digitalocean', 'vultr', 'scaleway', 'hetzner', 'ovh', 'linode', 'nebius']

export const clouds: readonly Cloud[] = [
  largeCloud('aws', { weight: 0.34, regions: awsRegions, spot: 0.95, accelerated: 0.12 }),
  largeCloud('azure', { weight: 0.36, regions: azureRegions, spot: 0.9, accelerated: 0.1 }),
  largeCloud('gcp', { weight: 0.16, regions: gcpRegions, spot: 0.9, accelerated: 0.2 }),
  largeCloud('oci', { weight: 0.1, regions: awsRegions, spot: 0.5, accelerated: 0.05 }),
  gpuCloud('lambdalabs', ['us-east-1', 'us-west-1', 'us-west-2', 'us-south-1', 'europe-central-1']),
  gpuCloud('hyperbolic', [null]),
  ...smallClouds.map((backend) =>
    gpuCloud(
      backend,
      [1, 2, 3, 4].map((n) => `${backend}-${n}`),
    ),
  ),
  ...plainClouds.map((backend): Cloud => ({
    backend,
    weight: 0.01,
    most: 4000,
    regions: ['nyc1', 'sfo2', 'ams3', 'fra1', 'lon1', 'sgp1', 'blr1', 'tor1', 'syd1'],
    soldIn: 0.9,
    spot: 0,
    accelerated: 0.05,
    soldOut: 0,
  })),
]

const places = ['US', 'CA', 'DE', 'NL', 'SE', 'PL', 'GB', 'FR', 'JP', 'KR', 'TW', 'AU', 'BR', 'IN']

export const marketplaces: readonly Marketplace[] = [
  {
    backend: 'vastai',
    weight: 0.7,
    regions: places.flatMap((place) => ['', '-north', '-south', '-west'].map((end) => place + end)),
  },
  { backend: 'tensordock', weight: 0.2, regions: places },
  { backend: 'shadeform', weight: 0.1, regions: places },
]
