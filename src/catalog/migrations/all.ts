import { offersSchema } from './0001-offers.ts'
import { summariesSchema } from './0002-summaries.ts'

/** In order; the number of those applied is the file's `user_version`. Never edit one that shipped. */
export const migrations: readonly string[] = [offersSchema, summariesSchema]
