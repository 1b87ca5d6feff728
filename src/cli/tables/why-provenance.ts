import type { PriceStep, Provenance } from '#api/why'
import { printUsd } from '#domain/price'
import { ageMs, printAgeMarked } from '#cli/age'
import type { Style } from '#cli/style'
import { padEnd, visible, wrapText } from '#cli/text-width'
import { printCounted } from './numbers.ts'
import { gpuCell, regionCell, resourcesCell } from './offer-cells.ts'

const labelWidth = 11

const printPrice = (nanoUsd: number | null): string =>
  nanoUsd === null ? '?' : `$${printUsd(nanoUsd)}/h`

/** `$1.2/h observed → $1.08/h by rule 2 of .dstack/prices.yml`. */
const describeSteps = (steps: readonly PriceStep[]): string =>
  steps
    .map(({ by, priceNanoUsd }, index) =>
      index === 0
        ? `${priceNanoUsd === null ? 'no price' : printPrice(priceNanoUsd)} observed`
        : `${printPrice(priceNanoUsd)} by ${visible(by)}`,
    )
    .join(' → ')

/** The lines of one offer's provenance; prices are exact, since someone may want to add them up. */
export const printProvenance = (
  { offer, notes, backendDigest, backendOffers, importer, steps }: Provenance,
  {
    rank,
    nowMs,
    style,
    width = null,
  }: {
    readonly rank: number
    readonly nowMs: number
    readonly style: Style
    readonly width?: number | null
  },
): string => {
  const { instanceType, observation } = offer
  const age = printAgeMarked(ageMs(observation.observedAt, nowMs))
  const lines: readonly (readonly [label: string, text: string])[] = [
    [`#${rank}`, visible(offer.id)],
    ['Machine', `${resourcesCell(instanceType)} · GPU ${gpuCell(instanceType)}`],
    [
      'Where',
      `${visible(offer.backend)} · region ${regionCell(offer)} · ${offer.spot ? 'spot' : 'on-demand'}`,
    ],
    ['Price', describeSteps(steps)],
    ['Stock', offer.stock],
    ['Source', visible(observation.source)],
    ['Observed', `${visible(observation.observedAt)} (${age})`],
    ['Catalog', catalogText(backendDigest, backendOffers, offer.backend)],
    [
      'Imported',
      importer === null ? 'by an importer that the catalog does not name' : visible(importer),
    ],
    ...notes.map((note, index): readonly [string, string] => [
      index === 0 ? 'Notes' : '',
      visible(note),
    ]),
  ]
  return lines
    .map(
      ([label, text]) =>
        style.bold(padEnd(label, labelWidth)) + wrapText(text, { indent: labelWidth, width }),
    )
    .join('\n')
}

const catalogText = (digest: string | null, offers: number, backend: string): string =>
  digest === null
    ? `no rows of ${visible(backend)} in the catalog`
    : `${printCounted(offers, 'offer')} of ${visible(backend)}, digest ${digest.slice(0, 16)}`
