import { ageMs, printAge } from './age.ts'
import type { CatalogSummary } from '#api/catalog'
import type { OffersAnswer } from './answer.ts'
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

/** What was understood, before the offers. */
export const headerOf = (answer: OffersAnswer): readonly HeaderLine[] => [
  ...(answer.subject === null ? [] : [['File', fileParts(answer.subject)] satisfies HeaderLine]),
  ...describeRequest(answer),
  ['Catalog', describeCatalog(answer.catalog, answer.nowMs)],
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
