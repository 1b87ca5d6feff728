/** The offers of a marketplace: one-off hosts, each in one place, with odd sizes and prices. */
import { mibPerGb } from '#domain/memory'
import { type Observation, type Offer, offerId } from '#domain/offer'
import type { BackendOffers } from '#catalog/replace'
import { seeded } from '../../../test/random.ts'
import { consumerAccelerators } from './accelerators.ts'
import type { Marketplace } from './clouds.ts'
import { nanoUsd } from './money.ts'

/** Two offers per host, on-demand and interruptible, unless it allows no interruption. */
export const hostOffers = (market: Marketplace, hosts: number): BackendOffers => {
  const random = seeded(market.backend.charCodeAt(0) * 65_537)
  const observation: Observation = {
    source: `synthetic, ${market.backend}`,
    observedAt: '2026-07-20T00:00:00Z',
  }
  const offers: Offer[] = []
  for (let index = 0; index < hosts; index++) {
    const accelerator = random.chance(0.95) ? random.pick(consumerAccelerators) : null
    const gpuCount = accelerator ? random.pick([1, 1, 1, 2, 2, 4, 8, 3, 6, 12]) : 0
    const cpus = Math.max(1, gpuCount) * random.int(2, 16)
    const instanceType = {
      name: `${market.backend}-${index * 7 + 13}`,
      cpus,
      memoryMib: random.int(8 * mibPerGb, 64 * mibPerGb) * Math.max(1, gpuCount),
      gpu: accelerator?.gpu ?? null,
      gpuCount,
      diskMib: random.int(20, 4000) * mibPerGb,
      architecture: 'x86_64' as const,
    }
    const region = random.pick(market.regions)
    const usd = (cpus * 0.004 + gpuCount * (accelerator?.usd ?? 0)) * (0.7 + random.next() * 0.8)
    const stock = random.chance(0.1) ? 'none' : random.pick(['unknown', 'low', 'high'] as const)
    for (const spot of random.chance(0.6) ? [false, true] : [false]) {
      offers.push({
        id: offerId(market.backend, region, instanceType.name, spot),
        backend: market.backend,
        region,
        instanceType,
        spot,
        priceNanoUsd: nanoUsd(spot ? usd * 0.6 : usd),
        stock,
        observation,
      })
    }
  }
  return { backend: market.backend, offers, notes: [] }
}
