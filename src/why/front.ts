/** Points of levels, one level a filter, and the least of them. */
import { met } from './levels.ts'
import type { Machine } from './machines.ts'

/** The most filters that a relaxation touches. */
export const mostTouched = 3

/** What a change to these levels would admit first. */
export interface Candidate {
  /** One per filter, in their order. */
  readonly levels: readonly number[]
  /** The least standing among offers of exactly these levels, and the machine that has it. */
  readonly standing: number
  readonly backend: string
  readonly machine: Machine
}

/** The filters that are not met, as bits in their order. */
export const unmet = (levels: readonly number[]): number =>
  levels.reduce((bits, level, index) => (level === met ? bits : bits | (1 << index)), 0)

export const bitCount = (bits: number): number => {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Candidates by point: of equal ones, the first in rank. */
export class Candidates {
  /** By the filters touched, then by point. */
  readonly #best = new Map<number, Map<string, Candidate>>()

  /** Only what touches a filter, and not too many of them, is a candidate. */
  add(candidate: Candidate): void {
    const bits = unmet(candidate.levels)
    const size = bitCount(bits)
    if (size === 0 || size > mostTouched) return
    const group = this.#best.get(bits) ?? new Map<string, Candidate>()
    const key = candidate.levels.filter((level) => level !== met).join()
    const known = group.get(key)
    if (known === undefined || comesBefore(candidate, known)) group.set(key, candidate)
    this.#best.set(bits, group)
  }

  /**
   * Those that no other lies at or below: whoever changes less, in fewer filters or less far, admits
   * nothing. The fewest filters come first, then the first in rank.
   */
  least(): readonly Candidate[] {
    const found: { readonly bits: number; readonly front: readonly Candidate[] }[] = []
    for (let size = 1; size <= mostTouched; size++) {
      for (const [bits, group] of this.#best) {
        if (bitCount(bits) !== size) continue
        const below = found.filter((one) => (one.bits & bits) === one.bits)
        const lower = below.flatMap(({ front }) => front)
        const rest = [...group.values()].filter((one) => !isAboveOne(one, lower))
        found.push({ bits, front: frontOf(rest) })
      }
    }
    return found
      .flatMap(({ bits, front }) => front.map((candidate) => ({ size: bitCount(bits), candidate })))
      .sort((left, right) => left.size - right.size || byRank(left.candidate, right.candidate))
      .map(({ candidate }) => candidate)
  }
}

/** The least of candidates that touch the same filters. In the order of levels, none is above a later one. */
const frontOf = (group: readonly Candidate[]): readonly Candidate[] => {
  const front: Candidate[] = []
  for (const candidate of group.toSorted(compareLevels)) {
    if (!isAboveOne(candidate, front)) front.push(candidate)
  }
  return front
}

const byRank = (left: Candidate, right: Candidate): number =>
  left.standing - right.standing || compareLevels(left, right)

const comesBefore = (left: Candidate, right: Candidate): boolean =>
  left.standing < right.standing ||
  (left.standing === right.standing && left.machine.id < right.machine.id)

const compareLevels = (left: Candidate, right: Candidate): number => {
  for (const [index, level] of left.levels.entries()) {
    const other = right.levels[index] ?? met
    if (level !== other) return level < other ? -1 : 1
  }
  return 0
}

const isAboveOne = (candidate: Candidate, others: readonly Candidate[]): boolean =>
  others.some((one) => isAtOrBelow(one.levels, candidate.levels))

const isAtOrBelow = (low: readonly number[], high: readonly number[]): boolean => {
  for (let index = 0; index < low.length; index++) {
    if ((low[index] ?? met) > (high[index] ?? met)) return false
  }
  return true
}
