import { type InstanceType, offerId } from '#domain/offer'
import type { PrivateOffer } from './overlay.ts'

const sameGpu = (own: InstanceType, known: InstanceType): boolean =>
  own.gpuCount === known.gpuCount &&
  own.gpu?.name === known.gpu?.name &&
  own.gpu?.vendor === known.gpu?.vendor &&
  own.gpu?.memoryMib === known.gpu?.memoryMib

const sameSize = (own: InstanceType, known: InstanceType): boolean =>
  own.cpus === known.cpus &&
  own.memoryMib === known.memoryMib &&
  (own.diskMib === null || own.diskMib === known.diskMib)

/**
 * An own instance type that bears the name of a known one is that machine, and must not say
 * otherwise: the known machine, with what the own one leaves unsaid. Null where they differ.
 */
export const adopted = (own: InstanceType, known: InstanceType): InstanceType | null =>
  sameSize(own, known) && sameGpu(own, known) ? known : null

/** What names the offer, and what names its machine: both unique, the machine per backend. */
export const keysOf = ({
  backend,
  region,
  instanceType,
  spot,
}: Pick<PrivateOffer, 'backend' | 'region' | 'instanceType' | 'spot'>): {
  readonly id: string
  readonly machine: string
} => ({
  id: offerId(backend, region, instanceType.name, spot),
  machine: `${backend}/${instanceType.name}`,
})
