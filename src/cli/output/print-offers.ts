/** One printer a format. Those off the usual path are loaded when asked for. */
import type { OffersAnswer } from '#cli/answer'
import { printOffersTable } from '#cli/tables/offers-table'
import type { Look } from '#cli/terminal'
import type { Json } from './document.ts'
import { printReport } from './table.ts'

export const offerFormats = ['table', 'wide', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'md'] as const
export type OfferFormat = (typeof offerFormats)[number]

type Printer = (answer: OffersAnswer, look: Look) => Promise<string>

const printers: Record<OfferFormat, Printer> = {
  table: async (answer, look) =>
    printReport(answer, look, printOffersTable(answer.offers, { ...look, nowMs: answer.nowMs })),
  wide: async (answer, look) => {
    const { printWideOffers } = await import('#cli/tables/wide-table')
    return printReport(answer, look, printWideOffers(answer.offers, answer.nowMs, look.style))
  },
  json: async (answer) => {
    const { printJson } = await import('./json.ts')
    return printJson(await documentOf(answer))
  },
  yaml: async (answer) => {
    const { printYaml } = await import('./yaml.ts')
    return printYaml(await documentOf(answer))
  },
  jsonl: async ({ offers }) => (await import('./jsonl.ts')).printJsonl(offers),
  csv: async ({ offers }) => (await import('./csv.ts')).printCsv(offers),
  tsv: async ({ offers }) => (await import('./tsv.ts')).printTsv(offers),
  md: async ({ offers, nowMs }) => (await import('./md.ts')).printMarkdown(offers, nowMs),
}

const documentOf = async (answer: OffersAnswer): Promise<Json> => {
  const { toOffersDocument } = await import('./document.ts')
  if (answer.subject === null) return toOffersDocument(answer, null)
  const { toSubjectDocument } = await import('./subject-document.ts')
  return toOffersDocument(answer, toSubjectDocument(answer.subject, answer.profileName))
}

/** True for the formats of a person, which say nothing where nothing matches. */
export const isReport = (format: OfferFormat): boolean => format === 'table' || format === 'wide'

export const printOffers = (
  format: OfferFormat,
  answer: OffersAnswer,
  look: Look,
): Promise<string> => printers[format](answer, look)
