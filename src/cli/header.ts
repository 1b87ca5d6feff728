import { ageMs, printAge } from './age.ts'
import type { CatalogSummary } from '#api/catalog'
import type { Ranking } from '#api/cost'
import { printUsd } from '#domain/price'
import type { AnswerOverlay, OffersAnswer } from './answer.ts'
import { describeConfiguration, describeRequest } from './describe.ts'
import type { Style } from './style.ts'
import { printCounted } from './tables/numbers.ts'
import { flowParts, padEnd, visible } from './text-width.ts'

export type HeaderLine = readonly [label: string, parts: readonly string[]]

/** Long enough to tell catalogs apart at a glance. */
export const shortDigest = (digest: string): string => digest.slice(0, 8)

const describeCatalog = (
  { digest, backends, offers, oldest }: CatalogSummary,
  nowMs: number,
): readonly string[] => [
  shortDigest(digest),
  printCounted(backends, 'backend'),
  printCounted(offers, 'offer'),
  ...(oldest === null
    ? []
    : [`oldest ${printAge(ageMs(oldest.observedAt, nowMs))} (${visible(oldest.backend)})`]),
]

const fileParts = ({ file, configuration }: NonNullable<OffersAnswer['subject']>): string[] => [
  visible(file),
  ...describeConfiguration(configuration),
]

const describeOverlay = ({
  overlay,
  overlayDigest,
}: Pick<AnswerOverlay, 'overlay' | 'overlayDigest'>): readonly string[] => [
  ...overlay.files.map(({ file }) => visible(file)),
  printCounted(overlay.rules.length, 'rule'),
  printCounted(overlay.offers.length, 'own offer'),
  shortDigest(overlayDigest),
]

const describeCost = ({ by, budget, question }: Ranking): readonly string[] => [
  `by ${by}`,
  ...(question.durationSeconds === null
    ? []
    : [`a run of ${printLength(question.durationSeconds)}`]),
  ...(budget === null ? [] : [`budget $${printUsd(budget.nanoUsd)}/${budget.per}`]),
]

/** `8h`, `90m`: in the largest unit that leaves no rest. */
const printLength = (seconds: number): string => {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const
  const unit = units.find(([, size]) => seconds % size === 0)
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`
}

/** The line `Overlay` of every report; none where prices are the catalog's own. */
export const overlayHeader = (
  overlaid: Pick<AnswerOverlay, 'overlay' | 'overlayDigest'> | null | undefined,
): readonly HeaderLine[] => (overlaid ? [['Overlay', describeOverlay(overlaid)]] : [])

/** What a header tells of an answer. */
export interface HeaderAnswer extends Pick<
  OffersAnswer,
  'subject' | 'requirements' | 'profileName' | 'catalog' | 'nowMs' | 'ranking'
> {
  readonly overlay?: Pick<AnswerOverlay, 'overlay' | 'overlayDigest'> | null
}

/** What was understood, before the offers. */
export const headerOf = (answer: HeaderAnswer): readonly HeaderLine[] => [
  ...(answer.subject === null ? [] : [['File', fileParts(answer.subject)] satisfies HeaderLine]),
  ...describeRequest(answer),
  ...(answer.ranking ? [['Cost', describeCost(answer.ranking)] satisfies HeaderLine] : []),
  ['Catalog', describeCatalog(answer.catalog, answer.nowMs)],
  ...overlayHeader(answer.overlay),
]

const labelWidth = 9

export const printHeader = (
  lines: readonly HeaderLine[],
  { style, width }: { style: Style; width: number | null },
): string =>
  lines
    .map(
      ([label, parts]) =>
        style.bold(padEnd(label, labelWidth)) + flowParts(parts, { indent: labelWidth, width }),
    )
    .join('\n')

/** The line `Overlay` and a blank one, above a table without other lines; empty without an overlay. */
export const printOverlayOver = (
  overlaid: Pick<AnswerOverlay, 'overlay' | 'overlayDigest'> | null,
  look: { style: Style; width: number | null },
): string => (overlaid === null ? '' : `${printHeader(overlayHeader(overlaid), look)}\n\n`)
