/** Prices are per accelerator; vCPUs and memory are those of the smallest host. */
import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import { mibOfGib, nanoOfUsd, nanoTimes } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { PageOffers } from '#backends/kit/importer'
import type { PriceAt, RunpodPage } from './importer.ts'
import type { GpuType } from './schema.ts'
import { stockOf } from './stock.ts'

type CountPage = Extract<RunpodPage, { kind: 'gpus' }>

const leastOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value): value is number => value !== null && value > 0)
  return known.length === 0 ? null : Math.min(...known)
}

/** The machine of one cloud: its places differ in their hosts, and the smallest is what is sure. */
const machineOf = (
  type: GpuType,
  gpuCount: number,
  secure: boolean,
  prices: readonly PriceAt[],
): InstanceType | string => {
  const gpu = gpuOf(type.id, type.memoryInGb * 1024) ?? namedOtherwise(type)
  if (!gpu) return 'no known model of accelerator'
  const cpus = leastOf(prices.map(({ price }) => price.minVcpu))
  const memoryGib = leastOf(prices.map(({ price }) => price.minMemory))
  const memoryMib = memoryGib === null ? null : mibOfGib(memoryGib)
  if (cpus === null || memoryMib === null) return 'nowhere in stock, so of unknown size'
  return {
    name: `${gpuCount}x ${type.id} ${secure ? 'secure' : 'community'}`,
    cpus,
    memoryMib,
    gpu,
    gpuCount,
    diskMib: null,
    architecture: architectureOf(gpu),
  }
}

const namedOtherwise = (type: GpuType) =>
  type.displayName === null ? null : gpuOf(type.displayName, type.memoryInGb * 1024)

const addPlace = (gathering: Gathering, machine: InstanceType, { place, price }: PriceAt): void => {
  const stock = stockOf(price.stockStatus)
  const one = nanoOfUsd(price.uninterruptablePrice)
  const bid = nanoOfUsd(price.minimumBidPrice)
  if (one === null && bid === null) return
  const { region } = place
  const count = machine.gpuCount
  gathering.offer({
    region,
    instanceType: machine,
    spot: false,
    priceNanoUsd: nanoTimes(one, count),
    stock,
  })
  if (bid === null) return
  // A bid at the full price buys nothing but interruptions.
  if (one !== null && bid >= one) gathering.reject('bid at or above on-demand', machine.name)
  else {
    const priceNanoUsd = nanoTimes(bid, count)
    gathering.offer({ region, instanceType: machine, spot: true, priceNanoUsd, stock })
  }
}

export const offersOfCount = (page: CountPage): PageOffers => {
  const gathering = newGathering('runpod', page.observation, page.malformed)
  for (const type of page.gpuTypes) {
    for (const secure of [true, false]) {
      const prices = page.prices.filter(
        ({ gpuTypeId, place }) => gpuTypeId === type.id && place.secure === secure,
      )
      const offered = prices.filter(({ price }) => price.uninterruptablePrice !== null)
      if (offered.length === 0) continue
      const machine = machineOf(type, page.gpuCount, secure, offered)
      if (typeof machine === 'string') gathering.reject(machine, type.id)
      else for (const price of offered) addPlace(gathering, machine, price)
    }
  }
  return gathering.end()
}
