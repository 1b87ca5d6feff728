/** TPUs of one host: their price contains the host. */
import type { Gathering } from '#backends/kit/gather'
import type { RegionRates } from './rates.ts'
import { sumOfParts } from './sum.ts'
import { isKnownTpu, machineOfTpu, tpuNamed, tpus } from './tpus.ts'

const problemOf = (name: string): string =>
  isKnownTpu(name)
    ? 'TPU of several hosts, or of no price of its own'
    : 'no known model of accelerator'

const priceOf = (name: string, rates: RegionRates, spot: boolean): number | null => {
  const tpu = tpuNamed(name)
  const rate = tpu === null ? null : rates.rate(tpu.label, spot, ['h'])
  if (tpu === null || rate === null) return null
  return sumOfParts([{ nanoUsd: rate.nanoUsd, amount: tpu.chips, per: tpu.chipsPriced }])
}

/** Names are those of the region's zones; null where no list was read: then all that are priced. */
export const addTpus = (
  gathering: Gathering,
  region: string,
  rates: RegionRates,
  names: readonly string[] | null,
): void => {
  for (const name of new Set(names ?? tpus.map((tpu) => tpu.name))) {
    const tpu = tpuNamed(name)
    if (tpu === null) {
      gathering.reject(problemOf(name), name)
      continue
    }
    const instanceType = machineOfTpu(tpu)
    for (const spot of [false, true]) {
      const priceNanoUsd = priceOf(name, rates, spot)
      if (names !== null || priceNanoUsd !== null) {
        gathering.offer({ region, instanceType, spot, priceNanoUsd, stock: 'unknown' })
      }
    }
  }
}
