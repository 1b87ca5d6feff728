import type { Offer } from '#domain/offer'

/** A public document that embedded figures come from. */
export interface InputDocument {
  /** Short key, unique within the backend; `prices.csv` names it per row. */
  readonly key: string
  /** Path under the directory given by `--from`; a folder stands for every file in it. */
  readonly file: string
  readonly repository: string
  /** Path inside the repository, and its commit. */
  readonly path: string
  readonly commit: string
  /** The day the figures were observed, `YYYY-MM-DD`. */
  readonly observedOn: string
  /** SPDX identifier, or `facts` for figures of a public documentation page. */
  readonly licence: string
}

/** What reading the documents of one backend gave. Every row read is kept or rejected for a reason. */
export interface Extraction {
  readonly offers: readonly Offer[]
  /** Price rows looked at. Equals the offers kept plus the rows rejected. */
  readonly rowsRead: number
  /** Reason -> number of rows. */
  readonly rejected: ReadonlyMap<string, number>
}

/** How one backend's embedded offers are made from public documents. */
export interface EmbeddedSource {
  readonly backend: string
  readonly inputs: readonly InputDocument[]
  /** What a reader of the catalog should know, such as that spot prices are not included. */
  readonly notes: readonly string[]
  /** Pure but for reading files under `directory`; the same files give the same offers. */
  extract(directory: string): Extraction
  /** Facts beside the offers: name of a file -> its lines. */
  furtherFiles?(directory: string): ReadonlyMap<string, readonly string[]>
}
