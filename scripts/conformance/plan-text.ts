/**
 * plan_text.json: the whole plan that dstack prints before it asks. Headers are compared by pairs,
 * rows by cells, the tail by its counts; the layout is each tool's own.
 */
import { noOverrides } from '#configuration/overrides'
import { readConfiguration } from '#configuration/read'
import { resolve } from '#configuration/resolve'
import { printRunPlan } from '#cli/tables/run-plan-table'
import { canonicalBackend } from '#domain/backend'
import type { Offer } from '#domain/offer'
import { type Chapter, needed, skipped, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, vectorsOf } from './compare.ts'
import { type Json, number, record, text } from './json.ts'
import { capabilitiesOf, type VectorSearch, vectorSearch } from './offer-catalog.ts'
import { itemOf, rowsOf } from './offers-vectors.ts'

const file = 'serve.dstack.yml'

/** Of a dstack server. A run here has neither. */
const serverPairs: ReadonlySet<string> = new Set(['Project', 'User'])

/** Whether an account lacks quota or a region lacks machines, no catalog tells: it is out of stock. */
const availabilityOf = (text: string): string => (text === 'no quota' ? 'not available' : text)

const cellsOf = (line: string): readonly string[] => line.trim().split(/ {2,}/)

const pairOf = (line: string): readonly [string, string] => {
  const [label = '', value = ''] = cellsOf(line)
  return [label, value]
}

/** Backend, region, instance, resources, spot, price, availability: rank is where a row stands. */
const rowOf = (line: string): readonly string[] => {
  const [, backend = '', ...cells] = cellsOf(line)
  const [availability = ''] = cells.slice(5)
  return [canonicalBackend(backend) ?? backend, ...cells.slice(0, 5), availabilityOf(availability)]
}

/** Of rows equal in price and availability each tool has an order of its own. */
const inPeerOrder = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] => {
  const groups: { key: string; rows: (readonly string[])[] }[] = []
  for (const row of rows) {
    const key = row.slice(5).join()
    const last = groups.at(-1)
    if (last?.key === key) last.rows.push(row)
    else groups.push({ key, rows: [row] })
  }
  return groups.flatMap(({ rows: alike }) =>
    alike.toSorted((one, other) => (one.join() < other.join() ? -1 : 1)),
  )
}

const factsOf = (plan: string) => {
  const [head = '', table = ''] = plan.split(/\n *\n/)
  const lines = table.split('\n').map((line) => line.trim())
  const pairs = head.split('\n').map(pairOf)
  return {
    pairs: pairs.filter(([label]) => !serverPairs.has(label)),
    rows: inPeerOrder(lines.filter((line) => /^\d/.test(line)).map(rowOf)),
    tail: lines.filter((line) => line.startsWith('Shown')),
  }
}

const printed = (vector: Json, found: (asked: Parameters<VectorSearch>[0]) => readonly Offer[]) => {
  const configuration = readConfiguration(JSON.stringify(vector['configuration']), { file })
  const { requirements, keys } = resolve({ configuration, profile: null, overrides: noOverrides })
  const offers = found(requirements)
  return printRunPlan({ file, keys, requirements, offers, shown: number(vector['max_offers']) })
}

export const planText: Chapter = {
  file: 'plan_text.json',
  needs: ['catalog.csv', 'gpus.json'],
  *run(vectors, needs): Iterable<VectorResult> {
    const capabilities = capabilitiesOf(record(JSON.parse(needed(needs, 'gpus.json')))['seed_time'])
    const items = rowsOf(needed(needs, 'catalog.csv')).map((row) => itemOf(row, capabilities))
    const search = vectorSearch(items)
    const offers = new Map(items.map(({ id, offer }) => [id, offer]))
    const find = (asked: Parameters<VectorSearch>[0]) =>
      search(asked).flatMap((id) => offers.get(id) ?? [])
    for (const vector of vectorsOf(vectors)) {
      const expected = factsOf(text(vector['text']))
      yield judge(
        idOf(vector),
        { value: expected },
        attempt(() => factsOf(printed(vector, find))),
      )
      yield skipped(`${idOf(vector)} ${[...serverPairs].join(', ')}`, 'a run here has no server')
    }
  },
}
