/** What a disk of one's choice costs, where a cloud bills it apart and publishes the rate. */
import type { Offer } from '#domain/offer'
import { awsGp3 } from './aws-disk-rates.ts'
import { gcpBalanced } from './gcp-disk-rates.ts'
import { hoursPerMonth } from './money.ts'
import type { Reference } from './reference.ts'

export interface DiskRate extends Reference {
  /** The kind of disk that the rate is for. */
  readonly product: string
  readonly nanoUsdPerGb: number
  /** The hours that the rate is for: 1, or a month of 730. */
  readonly perHours: number
}

const monthly = (
  product: string,
  nanoUsdPerGb: number,
  [source, asOf]: readonly [string, string],
): DiskRate => ({ product, nanoUsdPerGb, perHours: hoursPerMonth, source, asOf })

const hourly = (
  product: string,
  nanoUsdPerGb: number,
  [source, asOf]: readonly [string, string],
): DiskRate => ({ product, nanoUsdPerGb, perHours: 1, source, asOf })

const byRegion =
  (
    product: string,
    rates: ReadonlyMap<string, number>,
    reference: readonly [string, string],
  ): RateOf =>
  ({ region }) => {
    const rate = region === null ? undefined : rates.get(region.toLowerCase())
    return rate === undefined ? null : monthly(product, rate, reference)
  }

type RateOf = (offer: Offer) => DiskRate | null

const dataoorts: RateOf = ({ instanceType }) =>
  /^(x-series|nova)-/.test(instanceType.name)
    ? hourly('SSD', 150_000, [
        'dataoorts.com/pricing, by tardellirs/gpu-pricing offerings.json@8f09a68',
        '2026-05-24',
      ])
    : null

const rates: ReadonlyMap<string, RateOf> = new Map([
  [
    'aws',
    byRegion('EBS gp3', awsGp3, ['aws.amazon.com/ebs/pricing, since gp3 began', '2020-12-01']),
  ],
  [
    'gcp',
    byRegion('balanced persistent disk', gcpBalanced, [
      'Cyclenerd/google-cloud-pricing-cost-calculator pricing.yml@fd66b26',
      '2026-07-30',
    ]),
  ],
  // 0.0255 for storage and 10 performance units at 0.0017.
  [
    'oci',
    () =>
      monthly('block volume, balanced', 42_500_000, [
        'Oracle price list B91961 and B91962, by opencost/opencost@5f65333',
        '2024',
      ]),
  ],
  [
    'runpod',
    () =>
      monthly('container disk', 100_000_000, [
        'docs.runpod.io/pods/pricing, runpod/docs@04313c1',
        '2026',
      ]),
  ],
  ['hyperstack', () => hourly('Cloud-SSD', 96_774, ['hyperstack.cloud/gpu-pricing', '2026-08-26'])],
  ['dataoorts', dataoorts],
])

/** Backends that bill even the disk an offer names: its size is a limit there, not a gift. */
const billedApart: ReadonlySet<string> = new Set(['vastai', 'runpod', 'tensordock', 'cudo'])

/** Whether the disk that comes with the machine is in its price. */
export const isDiskIncluded = (offer: Offer): boolean =>
  offer.instanceType.diskMib !== null && !billedApart.has(offer.backend)

/** Null where no published rate is known. */
export const diskRateOf = (offer: Offer): DiskRate | null =>
  rates.get(offer.backend)?.(offer) ?? null
