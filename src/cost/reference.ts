/** Where a figure comes from. Every figure of this room carries one. */
export interface Reference {
  /** A name a person can look up. */
  readonly source: string
  /** The day the figure was published or seen there, `YYYY-MM-DD`; `YYYY` where only that is known. */
  readonly asOf: string
}
