/** Searches in one process, of several catalogs in turn, so that drift of the machine hits all. */
import { median, quantile } from './statistics.ts'
import { microseconds } from './stopwatch.ts'
import { limit, type Subject } from './subject.ts'

export interface WarmSearch {
  readonly label: string
  readonly sets: number
  readonly p50: number
  readonly p99: number
  readonly worst: { readonly kind: string; readonly microseconds: number }
  readonly byKind: readonly { readonly kind: string; readonly p50: number; readonly max: number }[]
}

type Ask = (subject: Subject, set: number) => void

const askFirst: Ask = ({ catalog, sets }, set) => {
  const asked = sets[set]
  if (asked) catalog.first(asked.requirements, limit)
}

const askCount: Ask = ({ catalog, sets }, set) => {
  const asked = sets[set]
  if (asked) catalog.count(asked.requirements)
}

export const warmSearch = (subjects: readonly Subject[], rounds: number): readonly WarmSearch[] =>
  measured(subjects, rounds, askFirst)

export const warmCount = (subjects: readonly Subject[], rounds: number): readonly WarmSearch[] =>
  measured(subjects, rounds, askCount)

const measured = (
  subjects: readonly Subject[],
  rounds: number,
  ask: Ask,
): readonly WarmSearch[] => {
  const times = subjects.map(({ sets }) => sets.map((): number[] => []))
  const most = Math.max(...subjects.map(({ sets }) => sets.length))
  for (let round = 0; round < rounds; round++) {
    for (let set = 0; set < most; set++) {
      for (const [index, subject] of subjects.entries()) {
        times[index]?.[set]?.push(microseconds(() => ask(subject, set)))
      }
    }
  }
  return subjects.map((subject, index) => summary(subject, (times[index] ?? []).map(median)))
}

const summary = ({ label, sets }: Subject, times: readonly number[]): WarmSearch => {
  const slowest = times.indexOf(Math.max(...times))
  return {
    label,
    sets: sets.length,
    p50: median(times),
    p99: quantile(times, 0.99),
    worst: { kind: sets[slowest]?.kind ?? '?', microseconds: times[slowest] ?? NaN },
    byKind: [...new Set(sets.map(({ kind }) => kind))].map((kind) => {
      const own = times.filter((_, set) => sets[set]?.kind === kind)
      return { kind, p50: median(own), max: Math.max(...own) }
    }),
  }
}
