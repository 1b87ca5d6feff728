/** Adversarial requirement sets: each answer checked by a scan of all offers, then timed. */
import { openCatalog } from '#offers/catalog'
import { adversarialSets } from './adversarial-sets.ts'
import type { CatalogFile } from './catalog-file.ts'
import { median, quantile } from './statistics.ts'
import { microseconds } from './stopwatch.ts'
import { requireRight } from './subject.ts'

export interface Fuzz {
  readonly sets: number
  /** Sets that nothing matches, and sets that more matches than is asked for. */
  readonly empty: number
  readonly cut: number
  readonly p50: number
  readonly p99: number
  readonly slowest: { readonly microseconds: number; readonly requirements: string }
}

const rounds = 5

export const fuzz = ({ path, columns }: CatalogFile, count: number): Fuzz => {
  const catalog = openCatalog({ path, environment: {} })
  const sets = adversarialSets(
    {
      backends: catalog.backends(),
      regions: catalog.regions(),
      instanceTypes: catalog.instanceTypes(),
      gpus: catalog.gpuNames(),
    },
    count,
  )
  const matched = sets.map(
    ({ requirements, limit }) => requireRight(catalog, columns, requirements, limit).matched,
  )
  const times = sets.map(({ requirements, limit }) =>
    median(
      Array.from({ length: rounds }, () => microseconds(() => catalog.first(requirements, limit))),
    ),
  )
  catalog.close()
  const slowest = times.indexOf(Math.max(...times))
  return {
    sets: sets.length,
    empty: matched.filter((one) => one === 0).length,
    cut: matched.filter((one, set) => one > (sets[set]?.limit ?? 0)).length,
    p50: median(times),
    p99: quantile(times, 0.99),
    slowest: {
      microseconds: times[slowest] ?? NaN,
      requirements: JSON.stringify(sets[slowest]?.requirements),
    },
  }
}
