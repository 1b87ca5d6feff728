/** Whether an import was all there is. */
import type { ImportSummary, PageAccount, Sealed } from './importer.ts'

export interface SealRules {
  /** Lists that must be among the pages. */
  readonly expected: readonly string[]
  readonly emptyResult: 'valid' | 'suspicious'
  /** Lists that must have rows; true is each of them. */
  readonly fullLists?: true | readonly string[]
}

const byList = (pages: readonly PageAccount[]): ReadonlyMap<string, readonly PageAccount[]> => {
  const lists = new Map<string, PageAccount[]>()
  for (const page of pages) lists.set(page.list, [...(lists.get(page.list) ?? []), page])
  return lists
}

const problemsOf = (list: string, pages: readonly PageAccount[]): readonly string[] => {
  const problems: string[] = []
  const rows = pages.reduce((sum, page) => sum + page.rows, 0)
  const total = pages.find((page) => page.total !== null)?.total ?? null
  if (new Set(pages.map(({ key }) => key)).size < pages.length) {
    problems.push(`${list}: a page came twice`)
  }
  const places = new Set(pages.map(({ index }) => index))
  if (Math.max(...places) >= places.size) problems.push(`${list}: a page is left out`)
  if (pages.at(-1)?.more === true) problems.push(`${list}: the last page is missing`)
  if (total !== null && total !== rows) problems.push(`${list}: ${rows} of ${total} rows came`)
  for (const { cutAt, rows: own } of pages) {
    if (cutAt !== null && own >= cutAt) problems.push(`${list}: cut off at ${cutAt} rows`)
  }
  return problems
}

const isEmpty = ([, pages]: readonly [string, readonly PageAccount[]]): boolean =>
  pages.every(({ rows }) => rows === 0)

export const sealPages = ({ pages, offers }: ImportSummary, rules: SealRules): Sealed => {
  const lists = byList(pages)
  const expected = new Set([...rules.expected, ...pages.flatMap(({ announces }) => announces)])
  const why = [
    ...[...expected].filter((list) => !lists.has(list)).map((list) => `${list}: did not come`),
    ...[...lists].flatMap(([list, own]) => problemsOf(list, own)),
    ...[...lists]
      .filter(([list]) => rules.fullLists === true || rules.fullLists?.includes(list))
      .filter(isEmpty)
      .map(([list]) => `${list}: is empty`),
    ...(offers === 0 && rules.emptyResult === 'suspicious' ? ['no offer came of it'] : []),
  ]
  return why.length === 0 ? { complete: true } : { complete: false, why }
}
