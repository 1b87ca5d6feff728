/** Runs an importer to its end: pages to offers, rejects counted, and whether that was all. */
import type { Offer } from '#domain/offer'
import { keepDearer } from './gather.ts'
import type { Importer, ImportTables, PageAccount, Reject, Sealed } from './importer.ts'
import type { ImportIo } from './io.ts'
import type { Sought } from './sought.ts'

export interface Collected {
  readonly offers: readonly Offer[]
  readonly rejects: readonly Reject[]
  /** Rows of no known shape. */
  readonly malformed: number
  readonly pages: readonly PageAccount[]
  readonly sealed: Sealed
}

export const collect = async (
  importer: Importer,
  io: ImportIo,
  tables: ImportTables,
  onPage: (pages: number, offers: number) => void = () => undefined,
  sought: Sought | null = null,
): Promise<Collected> => {
  const offers = new Map<string, Offer>()
  const rejects: Reject[] = []
  const pages: PageAccount[] = []
  let malformed = 0
  for await (const page of importer.fetch(io, sought)) {
    const read = importer.toOffers(page, tables)
    malformed += page.malformed.length
    pages.push(page.account)
    rejects.push(...read.rejects)
    for (const offer of read.offers) {
      if (!keepDearer(offers, offer)) rejects.push({ reason: 'there twice', row: offer.id })
    }
    onPage(pages.length, offers.size)
  }
  const sealed = importer.seal({ pages, offers: offers.size, sought })
  return { offers: [...offers.values()], rejects, malformed, pages, sealed }
}
