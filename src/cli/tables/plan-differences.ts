import type { Difference, PlanVerification } from '#api/plans'
import { shortDigest } from '#cli/header'
import type { Look } from '#cli/terminal'
import { cutText, visible } from '#cli/text-width'
import { rowPrinter, type Column } from './columns.ts'
import { printCounted } from './numbers.ts'

type Value = Difference['planned']

const leastCellWidth = 24

/** A price says most of an offer that is new or gone; a digest is known by its first signs. */
const printValue = (value: Value): string => {
  if (value === undefined) return '-'
  if (typeof value === 'string') {
    return /^[0-9a-f]{64}$/.test(value) ? shortDigest(value) : visible(value)
  }
  const amount = amountOf(value)
  return amount === null ? visible(JSON.stringify(value)) : `$${amount}/h`
}

const amountOf = (value: Value): string | null => {
  if (typeof value !== 'object' || value === null || !('price' in value)) return null
  const { price } = value
  if (typeof price !== 'object' || price === null || !('amount' in price)) return null
  const amount: unknown = Reflect.get(price, 'amount')
  return typeof amount === 'string' ? amount : '?'
}

const columnsOf = (found: readonly Difference[], width: number | null): readonly Column[] => {
  const share = width === null ? Infinity : Math.max(leastCellWidth, Math.floor(width / 4))
  const cells = (key: 'planned' | 'derived') =>
    found.map((difference) => cutText(printValue(difference[key]), share))
  return [
    { heading: 'WHAT', align: 'left', cells: found.map(({ path }) => visible(path)) },
    { heading: 'PLANNED', align: 'left', cells: cells('planned') },
    { heading: 'NOW', align: 'left', cells: cells('derived') },
  ]
}

const printTable = (found: readonly Difference[], { style, width }: Look): readonly string[] => {
  const print = rowPrinter(columnsOf(found, width))
  return [style.bold(print(-1)), ...found.map((_, row) => print(row))].map((line) => line.trimEnd())
}

/** Whether a plan still holds, and what differs where it does not. */
export const printPlanDifferences = (verification: PlanVerification, look: Look): string => {
  const { digest, holds, isIntact, isCanonical, differences } = verification
  const name = `plan ${shortDigest(digest)}`
  if (holds) return `${look.style.green('holds')}: ${name} is the same when derived again`
  const count = printCounted(differences.length, 'difference')
  return [
    `${look.style.red('does not hold')}: ${name}, ${count}`,
    ...(isIntact ? [] : ['Edited: the plan does not have the digest that it states.']),
    ...(isCanonical ? [] : ['Reformatted: the text is not in canonical form.']),
    ...(differences.length === 0 ? [] : ['', ...printTable(differences, look)]),
  ].join('\n')
}
