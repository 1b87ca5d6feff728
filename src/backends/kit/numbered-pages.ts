/** Lists whose pages are asked for by number, and that say how many rows they have in all. */
import { digestLines } from '#platform/digest'
import type { PageAccount } from './importer.ts'
import type { LooseRows } from './wire.ts'

export interface NumberedPage<Row> {
  readonly rows: LooseRows<Row>
  /** Of the whole list. */
  readonly total: number
}

export interface CountedPage<Row> extends LooseRows<Row> {
  readonly account: PageAccount
}

const mostPages = 200

/**
 * Pages from 1 on, until there are as many rows as there are in all, or a page is empty, or one that
 * came before: a server that gives one page for every number has no second.
 */
export async function* numberedPages<Row>(
  list: string,
  ask: (page: number) => Promise<NumberedPage<Row>>,
): AsyncGenerator<CountedPage<Row>> {
  const seen = new Set<string>()
  let came = 0
  for (let page = 1; page <= mostPages; page++) {
    const { rows, total } = await ask(page)
    came += rows.count
    const more = came < total && rows.count > 0
    const key = digestLines([JSON.stringify(rows)])
    yield {
      ...rows,
      account: {
        list,
        index: page - 1,
        key,
        rows: rows.count,
        total,
        cutAt: null,
        more,
        announces: [],
      },
    }
    if (!more || seen.has(key)) return
    seen.add(key)
  }
}
