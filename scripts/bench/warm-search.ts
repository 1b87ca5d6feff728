/** Searches in one process. Every answer is verified by a scan of all offers before it is timed. */
import { isDeepStrictEqual } from 'node:util'
import type { Offer } from '#domain/offer'
import { openCatalog } from '#offers/catalog'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { requirementSets } from './requirement-sets.ts'
import { median, quantile } from './statistics.ts'

const limit = 50
const rounds = 15

const microseconds = (work: () => void): number => {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e3
}

export interface WarmSearch {
  readonly offers: number
  readonly sets: number
  readonly p50: number
  readonly p99: number
  readonly worst: { readonly kind: string; readonly microseconds: number }
  readonly byKind: readonly { readonly kind: string; readonly p50: number; readonly max: number }[]
  /** Median time of the scan that verified the answers: filter every offer, keep the order. */
  readonly scanP50: number
}

export const warmSearch = (path: string): WarmSearch => {
  const catalog = openCatalog({ path, environment: {} })
  const sets = requirementSets()
  const open = sets.find(({ kind }) => kind === 'anything')
  if (!open) throw new Error('no requirement set asks for anything')
  const ranked = catalog.first(open.requirements, 0)

  const scans: number[] = []
  const measured = sets.map(({ kind, requirements }) => {
    const constraints = lower(requirements)
    let expected: readonly Offer[] = []
    scans.push(
      microseconds(() => {
        expected = ranked.filter((offer) => matches(constraints, offer))
      }),
    )
    const found = catalog.search(requirements, { limit })
    const right =
      found.matched === expected.length && isDeepStrictEqual(found.offers, expected.slice(0, limit))
    if (!right) throw new Error(`wrong answer to ${JSON.stringify(requirements)}`)
    const times = Array.from({ length: rounds }, () =>
      microseconds(() => catalog.first(requirements, limit)),
    )
    return { kind, microseconds: median(times) }
  })
  catalog.close()

  const all = measured.map((one) => one.microseconds)
  const worst = measured.toSorted((a, b) => b.microseconds - a.microseconds)[0]
  if (!worst) throw new Error('nothing was measured')
  return {
    offers: ranked.length,
    sets: sets.length,
    p50: median(all),
    p99: quantile(all, 0.99),
    worst,
    byKind: [...new Set(sets.map(({ kind }) => kind))].map((kind) => {
      const times = measured.filter((one) => one.kind === kind).map((one) => one.microseconds)
      return { kind, p50: median(times), max: Math.max(...times) }
    }),
    scanP50: median(scans),
  }
}
