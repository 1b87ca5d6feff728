import { toPlanDocument, type Plan } from '#api/plans'
import { describeRange, describeRequest } from '#cli/describe'
import { printHeader, shortDigest, type HeaderLine } from '#cli/header'
import type { Look } from '#cli/terminal'
import { visible } from '#cli/text-width'
import { printCount, printCounted } from './numbers.ts'
import { printOffersTable } from './offers-table.ts'

type PlanDocument = ReturnType<typeof toPlanDocument>
type Ends = PlanDocument['price_range']['replica']

const printEnds = ({ min, max }: Ends): string =>
  min === null || max === null ? 'unknown price' : min === max ? `$${min}/h` : `$${min}..${max}/h`

const priceParts = ({
  price_range: range,
  replicas,
  attempts,
}: PlanDocument): readonly string[] => [
  attempts.length === 0 ? 'nothing to try' : `${printEnds(range.replica)} a replica`,
  ...(range.replica.min === null || (replicas.min === 1 && replicas.max === 1)
    ? []
    : [`${printEnds(range.all_replicas)} for replicas ${describeRange(replicas) ?? '0'}`]),
  ...(range.unknown_prices === 0
    ? []
    : [`not counted: ${printCounted(range.unknown_prices, 'offer')} of unknown price`]),
]

const planParts = ({ digest, tool, configuration, catalog, overlay }: PlanDocument) => [
  shortDigest(digest),
  ...(configuration === null ? [] : [`configuration ${shortDigest(configuration.digest)}`]),
  `catalog ${shortDigest(catalog.digest)}`,
  ...(overlay === null ? [] : [`overlay ${shortDigest(overlay.digest)}`]),
  `${tool.name} ${visible(tool.version)}`,
]

const tailOf = ({ certificate: { shown, matched, considered } }: PlanDocument): string =>
  `${printCounted(shown, 'attempt')}, of ${printCount(matched)} that match, of ${printCounted(considered, 'offer')}.`

/** Signs after the prices that an overlay touched, and what they stand for. */
export interface PlanMarks {
  readonly signs?: readonly string[]
  readonly legend?: readonly string[]
}

/** A plan for a person: what it follows from, what it costs, what is tried in which order. */
export const printPlanTable = (
  plan: Plan,
  { signs = [], legend = [], ...look }: Look & PlanMarks,
  nowMs: number,
): string => {
  const document = toPlanDocument(plan)
  const header: readonly HeaderLine[] = [
    ['Plan', planParts(document)],
    ...describeRequest({ requirements: plan.requirements, profileName: null }),
    ['Price', priceParts(document)],
  ]
  const table =
    plan.attempts.length === 0
      ? []
      : [
          '',
          printOffersTable(plan.attempts, {
            ...look,
            nowMs,
            signs: signs.length === 0 ? null : signs,
          }),
          ...legend,
          '',
        ]
  return [printHeader(header, look), ...table, tailOf(document)].join('\n')
}
