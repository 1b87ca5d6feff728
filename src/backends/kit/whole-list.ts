import type { PageAccount } from './importer.ts'

/** The account of a list that comes whole, in one answer: it states no total and has no next page. */
export const wholeList = (list: string, rows: number): PageAccount => ({
  list,
  index: 0,
  key: list,
  rows,
  total: null,
  cutAt: null,
  more: false,
  announces: [],
})
