/** What every backend that has prices gives: transport apart from meaning. */
import type { InterruptionList } from '#domain/interruption'
import type { InstanceType, Observation, Offer } from '#domain/offer'
import type { ImportIo } from './io.ts'
import type { Readiness } from './readiness.ts'
import type { Sought } from './sought.ts'
import type { Environment } from '#platform/environment'

interface ImporterTraits {
  /**
   * `bulk`: one great file; `list`: pages of a price list; `market`: what hosts ask right now;
   * `hosts`: machines of one's own, at prices that their user says.
   */
  readonly kind: 'bulk' | 'list' | 'market' | 'hosts'
  /** How long its prices may be taken for current. */
  readonly ttlSeconds: number
  /** Between two requests to its host, and how many at once. */
  readonly limit: { readonly intervalMs: number; readonly atOnce: number }
  readonly gives: { readonly spot: boolean; readonly stock: boolean; readonly region: boolean }
  /** Whether a whole answer without any offer can be true. */
  readonly emptyResult: 'valid' | 'suspicious'
  /** `optional` credentials tell more; without them the source can be read as well. */
  readonly credentials: 'none' | 'optional' | 'required'
  /** Currencies other than the dollar that its prices may come in; none where absent. */
  readonly currencies?: readonly string[]
  /** Whether it can be asked for a part: `fetch` heeds what is sought. */
  readonly narrows?: true
}

/**
 * One page's account of itself, for `seal`: a list may come in several pages, and a backend may have
 * several lists.
 */
export interface PageAccount {
  readonly list: string
  /** The first page of a list is 0. */
  readonly index: number
  /** Two pages of a list with the same key are one page twice. */
  readonly key: string
  /** Rows on the page, those that could not be read included. */
  readonly rows: number
  /** Rows of the whole list as the source states them; null where it does not. */
  readonly total: number | null
  /** Where a list is cut off without a word at so many rows; null where it cannot be. */
  readonly cutAt: number | null
  /** Whether the list goes on. */
  readonly more: boolean
  /** Lists that must come as well, as this page tells. */
  readonly announces: readonly string[]
}

export interface ImportPage {
  readonly account: PageAccount
  readonly observation: Observation
  /** Rows that do not have the shape of a row: by reason. */
  readonly malformed: readonly Reject[]
}

/** A row that gives no offer, and why. Reasons are few and constant; the row is named apart. */
export interface Reject {
  readonly reason: string
  readonly row: string
}

export interface PageOffers {
  readonly offers: readonly Offer[]
  readonly rejects: readonly Reject[]
}

/** A rate of a day, exact as published. */
export interface ExchangeRate {
  /** Dollars for one unit, as a decimal. */
  readonly usd: string
  /** The day it holds for, as YYYY-MM-DD. */
  readonly day: string
  /** Who publishes it, and how current it is where that needs saying: `ECB`. */
  readonly source: string
}

/** What is known beside a page. */
export interface ImportTables {
  /** A machine of this backend by name, for sources that price names alone. */
  instanceType(name: string): InstanceType | null
  /** What a unit of a currency is worth; null where no rate is known: its prices are unknown then. */
  rate(currency: string): ExchangeRate | null
}

export interface ImportSummary {
  /** What it was asked for; everything where absent. */
  readonly sought?: Sought | null
  readonly pages: readonly PageAccount[]
  readonly offers: number
}

export type Sealed =
  | { readonly complete: true }
  | { readonly complete: false; readonly why: readonly string[] }

export interface Importer<Page extends ImportPage = ImportPage> {
  readonly traits: ImporterTraits
  /**
   * Reads names and values of variables, opens nothing. Of a file that a user writes for us, its
   * being there is what says that the backend is wanted.
   */
  readiness(environment: Environment): Readiness
  /**
   * HTTP, paging, and the shape of what comes; nothing else. Of what is sought it gives all, and may
   * give more: whoever asked tests every offer again.
   */
  fetch(io: ImportIo, sought?: Sought | null): AsyncIterable<Page>
  /** How often the cloud took spot machines back, where it publishes that. Throws as `fetch` does. */
  fetchInterruption?(io: ImportIo): Promise<InterruptionList>
  /** Pure: the same page gives the same offers. */
  toOffers(page: Page, tables: ImportTables): PageOffers
  /** Pure: whether that was all. An incomplete import replaces nothing. */
  seal(summary: ImportSummary): Sealed
}

/** A backend as the registry lists it. */
export interface Backend {
  readonly name: string
  readonly title: string
  /** What a reader should know of its offers. */
  readonly notes: readonly string[]
  readonly endpoint: string
  /** Further addresses it is asked at, by a name of ours; `{region}` stands for a region. */
  readonly hosts?: Readonly<Record<string, string>>
  importer(): Promise<Importer>
}
