import { expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { groupStatements } from '#groups/statements'

test.each(Object.entries(groupStatements))('%s: text and plan', async (name, sql) => {
  const database = openWritableCatalogFile(':memory:')
  const names = [...new Set([...sql.matchAll(/@(\w+)/g)].map(([, value = '']) => value))]
  const plan = database
    .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(Object.fromEntries(names.map((value) => [value, 0])))
    .map(({ detail }) => detail)
  await expect(`${sql.trim()}\n\n${plan.join('\n')}\n`).toMatchFileSnapshot(
    `statements/${name}.golden`,
  )
  // Offers and variants are reached by key; of cells there are a few hundred, and all are read.
  expect(plan.filter((step) => /^SCAN (offer|variant|instance_type)\b/.test(step))).toEqual([])
})
