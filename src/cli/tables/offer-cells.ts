import type { InstanceType, Offer } from '#domain/offer'
import { visible } from '#cli/text-width'
import { printSize } from './numbers.ts'

/** `4cpu 16GB`. */
export const resourcesCell = (instanceType: InstanceType): string =>
  `${instanceType.cpus}cpu ${printSize(instanceType.memoryMib)}`

/** `8×A100 80GB`, `-` for none. */
export const gpuCell = ({ gpu, gpuCount }: InstanceType): string =>
  gpu === null ? '-' : `${gpuCount}×${visible(gpu.name)} ${printSize(gpu.memoryMib)}`

export const spotCell = (offer: Offer): string => (offer.spot ? 'spot' : '-')

export const regionCell = (offer: Offer): string =>
  offer.region === null ? '?' : visible(offer.region)

export const diskCell = (instanceType: InstanceType): string =>
  instanceType.diskMib === null ? 'any' : printSize(instanceType.diskMib)
