import { expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { statements } from '#query/statements'

test.each(Object.entries(statements))('%s: text and plan', async (name, { sql, values }) => {
  const database = openWritableCatalogFile(':memory:')
  const plan = database
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values.map(() => 0))
    .map(({ detail }) => detail)
  await expect(`${sql}\n\n${values.join(', ')}\n\n${plan.join('\n')}\n`).toMatchFileSnapshot(
    `statements/${name}.golden`,
  )
  // The walk may read every cell, a few hundred rows; it never reads every offer or variant.
  expect(plan.filter((step) => /^SCAN (offer|variant|instance_type)\b/.test(step))).toEqual([])
})
