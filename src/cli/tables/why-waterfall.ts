import type { Step, Why } from '#api/why'
import type { Offer } from '#domain/offer'
import type { Style } from '#cli/style'
import { cutText, flowParts, visible } from '#cli/text-width'
import { type Column, columnsWidth, rowPrinter } from './columns.ts'
import { printCount } from './numbers.ts'
import { regionCell } from './offer-cells.ts'
import { printPrices } from './price-column.ts'
import { describeFilter } from './why-words.ts'

/** Where an offer is, what it is and what it costs, in a line: `$1.57 gcp us-central1 a2-ultragpu-1g spot`. */
export const offerInALine = (offer: Offer): string => {
  const [price = '?'] = printPrices([offer.priceNanoUsd])
  const place = `${visible(offer.backend)} ${regionCell(offer)} ${visible(offer.instanceType.name)}`
  const stock = offer.stock === 'none' ? ', out of stock' : ''
  return `${offer.priceNanoUsd === null ? '?' : `$${price}`} ${place}${offer.spot ? ' spot' : ''}${stock}`
}

/** Less of an offer would tell nothing. */
const leastOfferWidth = 24

/** A filter that turns something away, or would let something in if it alone were dropped. */
const hasEffect = (step: Step, { matched }: Why): boolean =>
  step.removed > 0 || step.ifDropped.offers > matched

const idleLabel = 'without effect of their own: '

interface WaterfallOptions {
  readonly style: Style
  readonly width: number | null
}

/**
 * A line for each filter that has an effect, in their order: offers left, offers removed, and what
 * would match without it. Those without effect share the last line.
 */
export const printWaterfall = (why: Why, { style, width }: WaterfallOptions): string => {
  const steps = why.steps.filter((step) => hasEffect(step, why))
  const idle = why.steps.filter((step) => !hasEffect(step, why))
  const columns: Column[] = [
    {
      heading: 'FILTER (IN ORDER)',
      align: 'left',
      cells: steps.map((step) => describeFilter(step.filter)),
    },
    { heading: 'LEFT', align: 'right', cells: steps.map(({ left }) => printCount(left)) },
    { heading: 'REMOVED', align: 'right', cells: steps.map(({ removed }) => printCount(removed)) },
    {
      heading: 'IF DROPPED',
      align: 'right',
      cells: steps.map(({ ifDropped }) => printCount(ifDropped.offers)),
      paint: (text, row) =>
        (steps[row]?.ifDropped.offers ?? 0) > why.matched ? style.bold(text) : text,
    },
  ]
  const cheapest: Column = {
    heading: 'CHEAPEST THEN',
    align: 'left',
    cells: steps.map(({ ifDropped }) =>
      ifDropped.cheapest ? offerInALine(ifDropped.cheapest) : '',
    ),
  }
  const left = width === null ? null : width - columnsWidth(columns) - 2
  const shown =
    left !== null && left < leastOfferWidth ? columns : [...columns, cut(cheapest, left)]
  const line = rowPrinter(shown)
  const others = flowParts(
    idle.map((step) => describeFilter(step.filter)),
    {
      indent: idleLabel.length,
      width,
    },
  )
  return [
    style.bold(line(-1).trimEnd()),
    ...steps.map((_, row) => line(row).trimEnd()),
    ...(others === '' ? [] : [style.dim(idleLabel + others)]),
  ].join('\n')
}

const cut = (column: Column, width: number | null): Column =>
  width === null ? column : { ...column, cells: column.cells.map((cell) => cutText(cell, width)) }
