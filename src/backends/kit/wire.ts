/** Shapes of answers: what a page must have is checked as a whole, its rows one by one. */
import * as z from 'zod/mini'
import { UpstreamInvalidError } from '#domain/errors'
import type { Reject } from './importer.ts'

export interface LooseRows<T> {
  readonly rows: readonly T[]
  readonly malformed: readonly Reject[]
  /** The well-formed and the others. */
  readonly count: number
}

/** The first name a person could find a row by. */
const labelOf = (row: unknown, index: number): string => {
  if (typeof row === 'object' && row !== null) {
    for (const key of ['id', 'slug', 'name', 'instance_type', 'armSkuName']) {
      const value: unknown = Reflect.get(row, key)
      if (typeof value === 'string' || typeof value === 'number') return String(value)
    }
  }
  return `row ${index + 1}`
}

/** A list whose bad rows are counted and left out, instead of spoiling the page. */
export const looseRows = <T>(row: z.ZodMiniType<T>): z.ZodMiniType<LooseRows<T>> =>
  z.pipe(
    z.array(z.unknown()),
    z.transform((values: unknown[]): LooseRows<T> => {
      const rows: T[] = []
      const malformed: Reject[] = []
      for (const [index, value] of values.entries()) {
        const read = z.safeParse(row, value)
        if (read.success) {
          rows.push(read.data)
          continue
        }
        const at = read.error.issues[0]?.path.join('.') ?? ''
        malformed.push({
          reason: at === '' ? 'no row of the known shape' : `no usable "${at}"`,
          row: labelOf(value, index),
        })
      }
      return { rows, malformed, count: values.length }
    }),
  )

/** Throws UpstreamInvalidError that says where the answer differs; never what stands there. */
export const readWire = <T>(shape: z.ZodMiniType<T>, value: unknown, what: string): T => {
  const read = z.safeParse(shape, value)
  if (read.success) return read.data
  const at = read.error.issues[0]?.path.join('.') ?? ''
  throw new UpstreamInvalidError(`${what}: the answer has another shape than known at "${at}"`, {
    hint: 'the source may have changed its format; the catalog keeps what it has',
  })
}

/** What this program has written itself; null where it has another shape, as an earlier version's may. */
export const restored = <T>(shape: z.ZodMiniType<T>, value: unknown): T | null => {
  const read = z.safeParse(shape, value)
  return read.success ? read.data : null
}

/** A key that may be absent or null. */
export const optional = <T>(shape: z.ZodMiniType<T>): z.ZodMiniType<T | null> =>
  z.pipe(
    z.optional(z.nullable(shape)),
    z.transform((value): T | null => value ?? null),
  )
