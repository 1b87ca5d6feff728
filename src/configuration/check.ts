import * as z from 'zod/mini'
import { ArgumentError } from '#domain/errors'
import type { Issue } from './explain.ts'
import { once } from './fields.ts'

/** A value, or the issues that stand in its way. */
export type Checked<T> =
  | { readonly value: T; readonly issues?: never }
  | { readonly issues: readonly Issue[] }

export const check = <T>(schema: z.ZodMiniType<T>, value: unknown): Checked<T> => {
  const result = z.safeParse(schema, value, once)
  if (result.success) return { value: result.data }
  return { issues: result.error.issues.map(toIssue) }
}

const toIssue = (issue: z.core.$ZodIssue): Issue => ({
  path: issue.path,
  message: issue.message,
  params: issue.code === 'custom' ? issue.params : undefined,
})

/** Both ends of a short range complain of the same text: without `min` and `max`, once is enough. */
const placed = ({ path, message }: Issue): string => {
  const steps = path.filter((step) => step !== 'min' && step !== 'max')
  return steps.length === 0 ? message : `${steps.map(String).join('.')}: ${message}`
}

/** The value of a schema outside of a file: throws ArgumentError with everything that is wrong. */
export const parseWith = <T>(schema: z.ZodMiniType<T>, value: unknown): T => {
  const checked = check(schema, value)
  if (!checked.issues) return checked.value
  const texts = new Set(checked.issues.map(placed))
  throw new ArgumentError([...texts].join('; '), { hint: checked.issues[0]?.params?.hint })
}
