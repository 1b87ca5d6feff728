import { ArgumentError } from '#domain/errors'
import { type PlanDocument, planSchema } from './plan-schema.ts'

const hint = 'make it anew: dstack-offers plan FILE --out plan.json'

const parse = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ArgumentError(`"${file}" is not JSON`, { hint, cause })
  }
}

const formatOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'format_version' in value
    ? value.format_version
    : undefined

/** The path of a key as one writes it: `attempts[0].price.amount`. */
const printPath = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')

/** A plan from its text. Throws `ArgumentError` where it is none. */
export const readPlan = (text: string, file: string): PlanDocument => {
  const value = parse(text, file)
  const { success, data, error } = planSchema.safeParse(value)
  if (success) return data
  const format = formatOf(value)
  if (typeof format === 'string' && format !== '1.0') {
    throw new ArgumentError(`"${file}" has format "${format}"; this program reads "1.0"`, { hint })
  }
  const [first] = error.issues
  const at = printPath(first?.path ?? [])
  throw new ArgumentError(
    `"${file}" is no plan${at === '' ? '' : ` at "${at}"`}: ${first?.message ?? 'it does not meet the schema'}`,
    { hint, cause: error },
  )
}
