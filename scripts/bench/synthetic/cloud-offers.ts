/** The offers of a cloud: families of machines in many regions, on-demand and spot. */
import type { InstanceType, Observation, Offer } from '#domain/offer'
import { offerId } from '#domain/offer'
import type { BackendOffers } from '#catalog/replace'
import { mibPerGb } from '#domain/memory'
import { type Random, seeded } from '../../../test/random.ts'
import { type Accelerator, datacenterAccelerators } from './accelerators.ts'
import type { Cloud } from './clouds.ts'
import { nanoUsd } from './money.ts'

/** One more machine of a family: its name within the family, its vCPUs, its accelerators. */
const sizes = [
  { name: 'small', cpus: 0.5, gpus: 1 },
  { name: 'medium', cpus: 1, gpus: 1 },
  { name: 'large', cpus: 2, gpus: 1 },
  { name: 'xlarge', cpus: 4, gpus: 1 },
  { name: '2xlarge', cpus: 8, gpus: 1 },
  { name: '4xlarge', cpus: 16, gpus: 1 },
  { name: '8xlarge', cpus: 32, gpus: 2 },
  { name: '12xlarge', cpus: 48, gpus: 4 },
  { name: '16xlarge', cpus: 64, gpus: 4 },
  { name: '24xlarge', cpus: 96, gpus: 8 },
  { name: '48xlarge', cpus: 192, gpus: 8 },
] as const

interface Family {
  readonly prefix: string
  readonly gbPerCpu: number
  readonly usdPerCpu: number
  readonly accelerator: Accelerator | null
  readonly diskGb: number | null
  readonly architecture: InstanceType['architecture']
}

const familyOf = (cloud: Cloud, index: number, random: Random): Family => {
  const accelerated = random.chance(cloud.accelerated)
  return {
    prefix: `${accelerated ? random.pick(['g', 'p', 'nc', 'nd']) : random.pick(['c', 'm', 'r', 'e'])}${index}`,
    gbPerCpu: accelerated ? 8 : random.pick([1, 2, 2, 4, 4, 8, 16]),
    usdPerCpu: 0.02 + random.next() * 0.03,
    accelerator: accelerated ? random.pick(datacenterAccelerators) : null,
    diskGb: random.chance(0.15) ? random.pick([20, 75, 150, 900, 3800]) : null,
    architecture: random.chance(0.2) ? 'arm64' : 'x86_64',
  }
}

interface Machine {
  readonly type: InstanceType
  readonly usd: number
}

const machineOf = (family: Family, size: (typeof sizes)[number]): Machine => {
  const cpus = family.accelerator ? Math.max(4, size.cpus) : size.cpus
  const gpuCount = family.accelerator ? size.gpus : 0
  const memoryMib = Math.round(cpus * family.gbPerCpu * mibPerGb)
  return {
    type: {
      name: `${family.prefix}.${size.name}`,
      cpus,
      memoryMib,
      gpu: family.accelerator?.gpu ?? null,
      gpuCount,
      diskMib: family.diskGb === null ? null : family.diskGb * mibPerGb * Math.ceil(cpus / 8),
      architecture: family.architecture,
    },
    usd:
      cpus * family.usdPerCpu +
      (memoryMib / mibPerGb) * 0.004 +
      gpuCount * (family.accelerator?.usd ?? 0),
  }
}

/** Regions differ by a few steps, so that prices tie often, as they do. */
const regionFactor = (region: number): number => 1 + ((region * 7) % 6) * 0.05

function* machinesOf(cloud: Cloud, random: Random): Generator<Machine> {
  for (let index = 0; ; index++) {
    const family = familyOf(cloud, index, random)
    for (const size of sizes) yield machineOf(family, size)
  }
}

/** About `count` offers, the same every time. */
export const cloudOffers = (cloud: Cloud, count: number): BackendOffers => {
  const random = seeded(cloud.backend.length * 7919 + cloud.backend.charCodeAt(0) * 31)
  const observation: Observation = {
    source: `synthetic, ${cloud.backend}`,
    observedAt: '2026-07-20T00:00:00Z',
  }
  const offers: Offer[] = []
  const add = (type: InstanceType, region: string | null, spot: boolean, usd: number): void => {
    offers.push({
      id: offerId(cloud.backend, region, type.name, spot),
      backend: cloud.backend,
      region,
      instanceType: type,
      spot,
      priceNanoUsd: random.chance(0.001) ? null : nanoUsd(usd),
      stock: random.chance(cloud.soldOut) ? 'none' : 'unknown',
      observation,
    })
  }
  for (const { type, usd } of machinesOf(cloud, random)) {
    if (offers.length >= count) break
    const spot = random.chance(cloud.spot)
    const discount = 0.15 + random.next() * 0.4
    for (const [index, region] of cloud.regions.entries()) {
      if (cloud.regions.length > 1 && !random.chance(cloud.soldIn)) continue
      const here = usd * regionFactor(index)
      add(type, region, false, here)
      if (spot) add(type, region, true, here * (discount + random.next() * 0.2))
    }
  }
  return { backend: cloud.backend, offers, notes: [] }
}
