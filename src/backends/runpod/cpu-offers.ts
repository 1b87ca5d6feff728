/** CPU pods: any number of vCPUs between two ends, sold here in steps that double. */
import { mibOfGib, nanoOfUsd, nanoTimes } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { PageOffers } from '#backends/kit/importer'
import type { RunpodPage } from './importer.ts'
import type { CpuMachine } from './schema.ts'
import { stockOf } from './stock.ts'

type FlavorPage = Extract<RunpodPage, { kind: 'cpus' }>

const stepsOf = ({ minVcpu, maxVcpu }: CpuMachine): readonly number[] => {
  const steps: number[] = []
  if (!(minVcpu >= 1)) return steps
  for (let cpus = minVcpu; cpus <= maxVcpu; cpus *= 2) steps.push(cpus)
  return steps
}

/** The price is of the least vCPUs; REST v2 gives the same flavors half of it as the price of one of two. */
export const offersOfCpus = (page: FlavorPage): PageOffers => {
  const gathering = newGathering('runpod', page.observation, page.malformed)
  for (const flavor of page.flavors) {
    const steps = stepsOf(flavor)
    if (steps.length === 0) gathering.reject('vCPUs from and to make no range', flavor.id)
    for (const cpus of steps) {
      const memoryMib = mibOfGib(cpus * flavor.ramMultiplier)
      if (memoryMib === null) {
        gathering.reject('no memory', flavor.id)
        continue
      }
      const instanceType = {
        name: `${flavor.id}-${cpus}-${cpus * flavor.ramMultiplier}`,
        cpus,
        memoryMib,
        gpu: null,
        gpuCount: 0,
        diskMib: mibOfGib(cpus * (flavor.diskLimitPerVcpu ?? 0)),
        architecture: null,
      }
      for (const { place, flavorId, specifics } of page.specifics) {
        if (flavorId !== flavor.id) continue
        const { securePrice, stockStatus } = specifics
        if (securePrice === null && stockStatus === null) continue
        gathering.offer({
          region: place.region,
          instanceType,
          spot: false,
          priceNanoUsd: nanoTimes(nanoOfUsd(securePrice), cpus / flavor.minVcpu),
          stock: stockOf(stockStatus),
        })
      }
    }
  }
  return gathering.end()
}
