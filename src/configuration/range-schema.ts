import * as z from 'zod/mini'
import type { Range } from '#domain/range'
import { leaf, mapping, orNull, report, rule } from './fields.ts'
import { isMapping, refusal, show } from './scalar.ts'

/** `8..16` as its ends; a value without dots is both ends. */
const splitRange = (value: unknown): unknown => {
  if (isMapping(value)) return value
  if (typeof value !== 'string' || !value.includes('..')) return { min: value, max: value }
  const sides = value.replaceAll(' ', '').split('..')
  if (sides.length > 2) throw refusal(`${show(value)} is no range`, 'ranges are "min..max"')
  const [min, max] = sides.map((side) => (side === '' ? null : side))
  return { min, max }
}

const ends = (parse: (value: unknown) => number, print: (value: number) => string) =>
  mapping({ min: orNull(() => leaf(parse)), max: orNull(() => leaf(parse)) }, splitRange).check(
    rule<Range>(['min', 'max'], ({ min, max }, payload) => {
      if (min === null && max === null)
        report(payload, 'the range is empty', { hint: 'give it a minimum or a maximum' })
      if (min !== null && max !== null && min > max)
        report(payload, `the range ends before it starts: ${print(min)}..${print(max)}`)
    }),
  )

/** A range of what `parse` reads: `8`, `8..`, `..16`, `8..16`, `{min, max}`. */
export const rangeOf = (
  parse: (value: unknown) => number,
  print: (value: number) => string,
): z.ZodMiniType<Range> =>
  z.pipe(
    ends(parse, print),
    z.transform(({ min, max }): Range => ({ min, max })),
  )
