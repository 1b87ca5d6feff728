/** One printer a format. Those off the usual path are loaded when asked for. */
import type { OffersAnswer } from '#cli/answer'
import { printOffersTable } from '#cli/tables/offers-table'
import type { Look } from '#cli/terminal'
import type { Json } from '#domain/json'
import { printReport } from './table.ts'

export const offerFormats = ['table', 'wide', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'md'] as const
export type OfferFormat = (typeof offerFormats)[number]

type Printer = (answer: OffersAnswer, look: Look) => Promise<string>

const printers: Record<OfferFormat, Printer> = {
  table: async (answer, look) => {
    if (answer.offers.length === 0) return printReport(answer, look, null)
    if (answer.ranking) return printReport(answer, look, await costTable(answer, look))
    const signs = await signsOf(answer)
    const { offers, nowMs } = answer
    return printReport(answer, look, printOffersTable(offers, { ...look, nowMs, signs }))
  },
  wide: async (answer, look) => {
    if (answer.offers.length === 0) return printReport(answer, look, null)
    const { printWideOffers } = await import('#cli/tables/wide-table')
    const { extraColumns } = await import('./offer-extras.ts')
    const extra = await extraColumns(answer, look.style)
    return printReport(answer, look, printWideOffers(answer, extra, look.style))
  },
  json: async (answer) => {
    const { printJson } = await import('./json.ts')
    return printJson(await documentOf(answer))
  },
  yaml: async (answer) => {
    const { printYaml } = await import('./yaml.ts')
    return printYaml(await documentOf(answer))
  },
  jsonl: async (answer) => {
    const { extraKeys } = await import('./offer-extras.ts')
    return (await import('./jsonl.ts')).printJsonl(answer.offers, await extraKeys(answer))
  },
  csv: async (answer) => {
    const { extraCells } = await import('./offer-extras.ts')
    return (await import('./csv.ts')).printCsv(answer.offers, await extraCells(answer))
  },
  tsv: async (answer) => {
    const { extraCells } = await import('./offer-extras.ts')
    return (await import('./tsv.ts')).printTsv(answer.offers, await extraCells(answer))
  },
  md: async (answer, { style }) => {
    const { extraColumns } = await import('./offer-extras.ts')
    const extra = await extraColumns(answer, style)
    return (await import('./md.ts')).printMarkdown(answer.offers, answer.nowMs, extra)
  },
}

const documentOf = async (answer: OffersAnswer): Promise<Json> =>
  (await import('./answer-document.ts')).toAnswerDocument(answer)

const costTable = async (answer: OffersAnswer, look: Look): Promise<string> => {
  if (!answer.ranking) return ''
  const { printCostTable } = await import('#cli/tables/cost-table')
  return printCostTable(answer.ranking, { ...look, signs: await signsOf(answer) }).join('\n')
}

/** Null where no offer shown is other than the catalog has it. */
const signsOf = async ({ offers, overlay }: OffersAnswer): Promise<readonly string[] | null> => {
  if (!overlay || overlay.steps.size === 0) return null
  return (await import('#cli/tables/overlay-marks')).overlaySigns(offers, overlay.steps)
}

/** True for the formats of a person, which say nothing where nothing matches. */
export const isReport = (format: OfferFormat): boolean => format === 'table' || format === 'wide'

export const printOffers = (
  format: OfferFormat,
  answer: OffersAnswer,
  look: Look,
): Promise<string> => printers[format](answer, look)
