/** Hosts as offers: each is whole, and at the price that its user says. Pure. */
import { BackendUnusableError } from '#domain/errors'
import { type InstanceType, type Offer, offerId } from '#domain/offer'
import { gpuOf } from '#backends/kit/accelerators'
import { nanoPerUsd } from '#domain/price'
import type { Host } from './schema.ts'

const mibPerGb = 1024

const instanceTypeOf = (host: Host): InstanceType => {
  const { name, cpus, memory_gb, disk_gb, gpu } = host
  const model =
    gpu === null
      ? null
      : gpuOf(gpu.name, gpu.memory_gb === null ? undefined : gpu.memory_gb * mibPerGb)
  if (gpu !== null && model === null) {
    throw new BackendUnusableError(
      `the gpu "${gpu.name}" of the host "${name}" is none that is known`,
      {
        hint: 'a model as offers name it, with memory_gb where it comes in several sizes',
      },
    )
  }
  return {
    name,
    cpus,
    memoryMib: Math.floor(memory_gb * mibPerGb),
    gpu: model,
    gpuCount: gpu?.count ?? 0,
    diskMib: disk_gb === null ? null : Math.floor(disk_gb * mibPerGb),
    architecture: null,
  }
}

export const offerOfHost = (host: Host, observedAt: string): Offer => ({
  id: offerId('ssh', host.region, host.name, false),
  backend: 'ssh',
  region: host.region,
  instanceType: instanceTypeOf(host),
  spot: false,
  priceNanoUsd: Math.round((host.price ?? 0) * nanoPerUsd),
  stock: 'unknown',
  observation: { source: 'the file of hosts', observedAt },
})
