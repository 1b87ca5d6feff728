/** How many offers match: from the totals of cells that match whole, else variant by variant. */
import { boxAdmitsAll } from './cell.ts'
import type { PreparedStatements } from './prepared.ts'
import { type Request, visitValues } from './request.ts'

export const countOffers = (
  run: PreparedStatements,
  { values, visits, bounds }: Request,
): number => {
  const count = bounds.regionIds ? run.inRegions(bounds.regionIds.length).count : run.count
  let matched = 0
  let at = 0
  for (let visit = visits.at(at); visit; visit = visits.at(++at)) {
    matched += boxAdmitsAll(visit.cell, bounds, visit)
      ? visit.offers
      : count({ ...values, ...visitValues(visit) })
  }
  return matched
}
