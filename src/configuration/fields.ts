/** The building blocks of the schemas: they add to zod one message per cause, and hints. */
import * as z from 'zod/mini'
import { ArgumentError } from '#domain/errors'
import { didYouMean, isMapping, refusal, show, textOf } from './scalar.ts'

/** What an issue of ours says beside its message and path. */
export interface IssueDetail {
  readonly hint?: string | undefined
  /** The key itself is wrong, or absent; else the value is. */
  readonly fault?: 'unknown-key' | 'missing-key'
}

export interface Payload {
  readonly issues: unknown[]
}

/** Adds an issue; `path` is relative to the value at hand. */
export const report = (
  payload: Payload,
  message: string,
  { path = [], ...params }: IssueDetail & { readonly path?: readonly (string | number)[] } = {},
): void => {
  payload.issues.push({ code: 'custom', message, path: [...path], params, input: undefined })
}

const runLeaf = <T>(parse: (value: unknown) => T, value: unknown, payload: Payload): T => {
  try {
    if (value === undefined) report(payload, 'is required', { fault: 'missing-key' })
    else if (value === null)
      report(payload, 'must not be null', { hint: 'give it a value, or remove the key' })
    else return parse(value)
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    report(payload, error.message, { hint: error.hint })
  }
  return z.NEVER
}

/** A value that `parse` reads; what it refuses becomes an issue. */
export const leaf = <T>(parse: (value: unknown) => T): z.ZodMiniType<T> =>
  z.transform((value: unknown, payload) => runLeaf(parse, value, payload))

/** Compiling a schema to code costs more than the one parse it would speed up. */
export const once = { jitless: true } as const

/**
 * The schema behind a key that may be left out is made when the key is there: making all of them
 * costs more than reading a whole configuration.
 */
const whenGiven = <T>(make: () => z.ZodMiniType<T>, value: unknown, payload: Payload): T => {
  const result = z.safeParse(make(), value, once)
  if (result.success) return result.data
  payload.issues.push(...result.error.issues)
  return z.NEVER
}

/** A key that may be left out. */
export const orElse = <T>(make: () => z.ZodMiniType<T>, value: T): z.ZodMiniType<T> =>
  z.transform((given: unknown, payload) =>
    given === undefined ? value : whenGiven(make, given, payload),
  )

/** A key that may be left out or null. */
export const orNull = <T>(make: () => z.ZodMiniType<T>): z.ZodMiniType<T | null> =>
  z.transform((given: unknown, payload) =>
    given === undefined || given === null ? null : whenGiven(make, given, payload),
  )

const unknownKeys = (known: readonly string[]) =>
  z.check<Record<string, unknown>>(
    (payload) => {
      for (const key of Object.keys(payload.value))
        if (!known.includes(key))
          report(payload, `key ${show(key)} is unknown`, {
            path: [key],
            hint: didYouMean(key, known),
            fault: 'unknown-key',
          })
    },
    { when: () => true },
  )

/** A mapping of these keys and no others. */
export const objectOf = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.looseObject(shape).check(unknownKeys(Object.keys(shape)))

const asMapping = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isMapping(value)) return value
  throw refusal(`${show(value)} is no mapping`)
}

/** A mapping of these keys, or a shorthand that `expand` turns into one. */
export const mapping = <Shape extends z.core.$ZodShape>(
  shape: Shape,
  expand: (value: unknown) => unknown = (value) => value,
) =>
  z.pipe(
    leaf((value) => asMapping(expand(value))),
    objectOf(shape),
  )

const asList = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  throw refusal(`${show(value)} is no list`, `write [${textOf(value) ?? '…'}]`)
}

export const listOf = <T>(schema: z.ZodMiniType<T>) => z.pipe(leaf(asList), z.array(schema))

const asText = (value: unknown): string => {
  const text = textOf(value)
  if (text !== null) return text
  throw refusal(
    `${show(value)} is no text`,
    typeof value === 'boolean' ? 'put it in quotes' : undefined,
  )
}

/** A text; numbers are taken as they are written. */
export const text = () => leaf(asText)

/** One of these words, exactly. */
export const wordOf =
  <const Word extends string>(words: readonly Word[]) =>
  (value: unknown): Word => {
    const word = words.find((one) => one === value)
    if (word !== undefined) return word
    throw refusal(
      `${show(value)} is none of ${words.join(', ')}`,
      didYouMean(textOf(value) ?? '', words),
    )
  }

/** Whether an issue below one of these keys has been found already: rules across keys wait for it. */
const sound =
  (...keys: readonly string[]) =>
  (payload: {
    readonly issues: readonly { readonly path?: readonly PropertyKey[] | undefined }[]
  }): boolean =>
    payload.issues.every((issue) => !keys.some((key) => issue.path?.[0] === key))

/** A rule across the named keys, run when each of them is sound. */
export const rule = <T>(keys: readonly string[], check: (value: T, payload: Payload) => void) =>
  z.check<T>((payload) => check(payload.value, payload), { when: sound(...keys) })
