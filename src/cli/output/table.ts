import type { OffersAnswer } from '#cli/answer'
import { headerOf, printHeader } from '#cli/header'
import { printCount, printCounted } from '#cli/tables/numbers'
import { staleLine } from '#cli/tables/offers-table'
import type { Look } from '#cli/terminal'
import { wrapText } from '#cli/text-width'

/** How many were found, and how many of those are not shown. */
const countLine = ({ matched, offers }: OffersAnswer): string => {
  const hidden = matched - offers.length
  if (hidden <= 0) return `${printCounted(matched, 'offer')}.`
  const counts = `Shown ${printCount(offers.length)} of ${printCounted(matched, 'offer')}`
  return `${counts}, ${printCount(hidden)} hidden (-n 0 shows all).`
}

const unknownPrices = ({ offers }: OffersAnswer): string => {
  const unknown = offers.filter((offer) => offer.priceNanoUsd === null).length
  return unknown === 0 ? '' : ` ${printCounted(unknown, 'price')} unknown (?).`
}

/** What the signs of an overlay stand for. */
const overlayLines = async ({ offers, overlay }: OffersAnswer): Promise<readonly string[]> => {
  if (!overlay || overlay.steps.size === 0) return []
  const { overlayLegend } = await import('#cli/tables/overlay-marks')
  return overlayLegend(offers, overlay.steps)
}

const costLines = async (answer: OffersAnswer): Promise<readonly string[]> => {
  const { offers, ranking, nowMs } = answer
  if (!ranking) return []
  const { printCostNotes } = await import('#cli/tables/cost-notes')
  const stale = staleLine(offers, nowMs)
  return [...printCostNotes(ranking), ...(stale === null ? [] : [stale])]
}

const whyLines = async ({ why }: OffersAnswer, look: Look): Promise<readonly string[]> =>
  why ? ['', (await import('#cli/tables/why-report')).printWhy(why, look)] : []

/**
 * A table for a person: what was understood, the offers, how many there are, and what else was asked.
 * The table is null where there is no offer.
 */
export const printReport = async (
  answer: OffersAnswer,
  look: Look,
  table: string | null,
): Promise<string> =>
  [
    printHeader(headerOf(answer), look),
    ...(table === null
      ? []
      : [
          '',
          table,
          ...[...(await overlayLines(answer)), ...(await costLines(answer))].map((line) =>
            wrapText(line, { indent: 2, width: look.width }),
          ),
          countLine(answer) + unknownPrices(answer),
        ]),
    ...(await whyLines(answer, look)),
    '',
  ].join('\n')
