/** Reading vectors, whose shape the types do not know. */
export type Json = Readonly<Record<string, unknown>>

export const record = (value: unknown): Json => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`expected an object, got ${JSON.stringify(value)}`)
  }
  return value as Json
}

export const list = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw new TypeError(`expected a list, got ${JSON.stringify(value)}`)
  return value
}

export const records = (value: unknown): readonly Json[] => list(value).map(record)

export const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError(`expected text, got ${JSON.stringify(value)}`)
  return value
}

export const number = (value: unknown): number => {
  if (typeof value !== 'number')
    throw new TypeError(`expected a number, got ${JSON.stringify(value)}`)
  return value
}
