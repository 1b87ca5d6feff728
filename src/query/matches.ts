import type { Offer } from '#domain/offer'
import { contains } from '#domain/range'
import { admittedCounts } from './admitted-counts.ts'
import type { Constraint, NameField, NumberField } from './constraint.ts'

/** Whether an offer meets every constraint: the meaning that the SQL must equal. */
export const matches = (constraints: readonly Constraint[], offer: Offer): boolean =>
  constraints.every((constraint) => holds(constraint, offer))

const holds = (constraint: Constraint, offer: Offer): boolean => {
  switch (constraint.kind) {
    case 'within': {
      const figure = figureOf(constraint.field, offer)
      return figure === null || contains(constraint.range, figure)
    }
    case 'price':
      return offer.priceNanoUsd !== null && offer.priceNanoUsd <= constraint.maxNanoUsd
    case 'one-of': {
      const name = nameOf(constraint.field, offer)?.toLowerCase()
      return constraint.names.some((wanted) => wanted.toLowerCase() === name)
    }
    case 'spot':
      return offer.spot === constraint.value
    case 'gpu': {
      const counts = admittedCounts(constraint.gpu, offer.instanceType.gpu)
      return counts !== null && contains(counts, offer.instanceType.gpuCount)
    }
  }
}

/** Null is a disk of one's choice, which meets every demand. */
const figureOf = (field: NumberField, offer: Offer): number | null => {
  switch (field) {
    case 'cpus':
      return offer.instanceType.cpus
    case 'memoryMib':
      return offer.instanceType.memoryMib
    case 'diskMib':
      return offer.instanceType.diskMib
  }
}

const nameOf = (field: NameField, offer: Offer): string | null => {
  switch (field) {
    case 'backend':
      return offer.backend
    case 'region':
      return offer.region
    case 'instanceType':
      return offer.instanceType.name
  }
}
