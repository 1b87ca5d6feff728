/** What an answer says of its offers beside the offers: what an overlay did to them, what they cost. */
import type { OffersAnswer } from '#cli/answer'
import type { Style } from '#cli/style'
import type { Column } from '#cli/tables/columns'
import { printUsd } from '#domain/price'
import type { Json } from '#domain/json'
import { cellsOf, type ExtraCells, noExtraCells } from './flat-offer.ts'

/** `overlay` under an overlay, `total` where costs were asked for; by offer, in their order. */
export const extraKeys = async ({
  offers,
  overlay,
  ranking,
}: OffersAnswer): Promise<readonly { readonly [key: string]: Json }[]> => {
  if (!overlay && !ranking) return offers.map(() => ({}))
  const { toStepsDocument } = await import('./overlay-document.ts')
  const { toCostDocument } = await import('./cost-document.ts')
  return offers.map(({ id }, index) => {
    const costed = ranking?.offers[index]
    return {
      ...(overlay ? { overlay: toStepsDocument(overlay.steps.get(id) ?? []) } : {}),
      ...(costed ? { total: toCostDocument(costed) } : {}),
    }
  })
}

const costCells = [
  'total_complete',
  'total_compute_per_hour',
  'total_disk_state',
  'total_disk_cost_per_hour',
  'total_replica_per_hour',
  'total_replica_per_month',
  'total_replica_per_run',
  'total_replicas_least_per_month',
  'total_replicas_most_per_month',
  'total_billed_s',
  'total_interruption_risk',
  'total_interruption_percent_a_month',
  'total_expected_per_hour',
  'total_rank_key',
  'total_fit_replicas',
  'total_fit_at_most',
]

/** The same for CSV and TSV. */
export const extraCells = async (answer: OffersAnswer): Promise<ExtraCells> => {
  const { offers, overlay, ranking } = answer
  if (!overlay && !ranking) return noExtraCells
  const { printMarks } = await import('#cli/tables/overlay-marks')
  const keys = await extraKeys(answer)
  const overlayCells = (id: string): readonly string[] => {
    const steps = overlay?.steps.get(id) ?? []
    const base = steps[0]?.basePriceNanoUsd ?? null
    return [printMarks(steps), base === null ? '' : printUsd(base)]
  }
  return {
    columns: [
      ...(overlay ? ['overlay', 'overlay_base_price_amount'] : []),
      ...(ranking ? costCells : []),
    ],
    cells: offers.map(({ id }, index) => [
      ...(overlay ? overlayCells(id) : []),
      ...(ranking ? cellsOf(keys[index] ?? {}, costCells) : []),
    ]),
  }
}

/** The same for tables that have room for all: marks where something is marked, then costs. */
export const extraColumns = async (
  { offers, overlay, ranking }: OffersAnswer,
  style: Style,
): Promise<readonly Column[]> => {
  const marks = async (): Promise<readonly Column[]> => {
    if (!overlay || overlay.steps.size === 0) return []
    const { overlayColumn } = await import('#cli/tables/overlay-marks')
    return [overlayColumn(offers, overlay.steps, style)]
  }
  const costs = async (): Promise<readonly Column[]> => {
    if (!ranking) return []
    const { costColumns, keyColumns } = await import('#cli/tables/cost-columns')
    // The price stands in these tables already.
    const [, ...amounts] = costColumns(ranking)
    return [...amounts, ...keyColumns(ranking)]
  }
  return [...(await marks()), ...(await costs())]
}
