/** How a table of offers tells which of them an overlay touched. */
import { printPercent, type OverlayAction, type OverlaySteps, type OverlayStep } from '#api/overlay'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { Column } from './columns.ts'
import { printCounted } from './numbers.ts'

/** `-12.5%`, `$41.5/h`, `excluded`, `own`. */
export const printAction = (action: OverlayAction | { readonly kind: 'own' }): string => {
  switch (action.kind) {
    case 'discount':
      return `-${printPercent(action.microPercent)}%`
    case 'price':
      return `$${printUsd(action.priceNanoUsd)}/h`
    case 'exclude':
      return 'excluded'
    case 'own':
      return 'own'
  }
}

/** `aws-edp -12.5%`; of an own offer `own`. */
const printMark = ({ rule, action }: OverlayStep): string =>
  rule === null ? printAction(action) : `${visible(rule)} ${printAction(action)}`

/** `aws-edp -12.5%, own`; empty for an offer as the catalog has it. */
export const printMarks = (steps: readonly OverlayStep[]): string => steps.map(printMark).join(', ')

/** A column of marks, `-` for an offer as the catalog has it. */
export const overlayColumn = (
  offers: readonly Offer[],
  steps: OverlaySteps,
  style: Style,
): Column => ({
  heading: 'OVERLAY',
  align: 'left',
  cells: offers.map(({ id }) => printMarks(steps.get(id) ?? []) || '-'),
  paint: (text, row) => (steps.has(offers[row]?.id ?? '') ? style.yellow(text) : text),
})

/** The sign after the price of a touched offer, where there is no room for a column. */
export const overlaySign = ({ id }: Offer, steps: OverlaySteps): string =>
  steps.has(id) ? '*' : ''

/** The same for a column of them, all of one width. */
export const overlaySigns = (offers: readonly Offer[], steps: OverlaySteps): readonly string[] =>
  offers.map((offer) => overlaySign(offer, steps) || ' ')

const printRule = ({ rule, file, action }: OverlayStep): string =>
  rule === null
    ? `own offers of ${visible(file)}`
    : `${visible(rule)} of ${visible(file)}: ${printAction(action)}`

/** What the signs stand for, a line per rule that touched a shown offer: `* 3 offers: …`. */
export const overlayLegend = (offers: readonly Offer[], steps: OverlaySteps): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { id } of offers)
    for (const rule of new Set(steps.get(id)?.map(printRule)))
      counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].map(([rule, count]) => `* ${printCounted(count, 'offer')}: ${rule}`)
}
