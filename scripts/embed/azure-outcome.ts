import { offerId, type InstanceType, type Observation, type Offer } from '#domain/offer'

/** What became of one price row. */
export type Outcome = { readonly offer: Offer } | { readonly reason: string }

export const rejected = (reason: string): Outcome => ({ reason })

export const offered = (
  region: string,
  instanceType: InstanceType,
  spot: boolean,
  priceNanoUsd: number,
  observation: Observation,
): Outcome => ({
  offer: {
    id: offerId('azure', region, instanceType.name, spot),
    backend: 'azure',
    region,
    instanceType,
    spot,
    priceNanoUsd,
    stock: 'unknown',
    observation,
  },
})

/** `West US 3` and `WestUS3` are `westus3`. */
export const regionName = (text: string): string => text.toLowerCase().replace(/\s/g, '')
