import { ConfigurationError } from '#domain/errors'
import type { InstanceType, Offer } from '#domain/offer'
import { printMemory } from '#domain/memory'
import { readYaml } from '#platform/yaml'
import { explain } from '#configuration/explain'
import { adopted, keysOf } from './machine.ts'
import { isActive, type Overlay, type PrivateOffer } from './overlay.ts'

/** The own offers that hold on a day, by id; of two files the first one's. */
export const activeOffers = (
  overlay: Overlay,
  today: string,
): ReadonlyMap<string, PrivateOffer> => {
  const found = new Map<string, PrivateOffer>()
  for (const offer of overlay.offers) {
    const { id } = keysOf(offer)
    if (isActive(offer, today) && !found.has(id)) found.set(id, offer)
  }
  return found
}

const describe = ({ cpus, memoryMib, gpu, gpuCount, diskMib }: InstanceType): string =>
  [
    `${cpus} CPUs`,
    printMemory(memoryMib),
    ...(gpu ? [`${gpuCount}×${gpu.name} ${printMemory(gpu.memoryMib)}`] : ['no GPU']),
    ...(diskMib === null ? [] : [`${printMemory(diskMib)} of disk`]),
  ].join(', ')

const otherMachine = (own: PrivateOffer, known: InstanceType, overlay: Overlay) => {
  const text = overlay.files.find(({ file }) => file === own.file)?.text ?? ''
  const issue = {
    path: ['offers', own.index, 'instance_type'],
    message: `"${known.name}" of ${own.backend} is another machine: ${describe(known)}`,
    params: { hint: 'give it these figures, or a name of its own' },
  }
  return new ConfigurationError(own.file, explain(text, readYaml(text).root, [], [issue]), text)
}

/**
 * The own offers as a catalog takes them. `machines` are the backend's instance types by name; where
 * an own offer bears the name of one it must be that machine, else ConfigurationError is thrown.
 */
export const toOffers = (
  own: Iterable<PrivateOffer>,
  known: ReadonlyMap<string, InstanceType>,
  { overlay, today }: { readonly overlay: Overlay; readonly today: string },
): readonly Offer[] => {
  const machines = new Map(known)
  return [...own].map((one) => {
    const { backend, region, spot, priceNanoUsd } = one
    const machine = machines.get(one.instanceType.name) ?? one.instanceType
    const instanceType = adopted(one.instanceType, machine)
    if (!instanceType) throw otherMachine(one, machine, overlay)
    machines.set(instanceType.name, instanceType)
    return {
      id: keysOf(one).id,
      backend,
      region,
      instanceType,
      spot,
      priceNanoUsd,
      stock: 'unknown',
      observation: { source: one.file, observedAt: `${one.asOf ?? today}T00:00:00Z` },
    }
  })
}
