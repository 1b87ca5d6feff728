import type { Environment } from '#platform/environment'

export type Readiness =
  | { readonly status: 'ready'; readonly values: Readonly<Record<string, string>> }
  /** Nothing of it is set: the names, alternatives joined by ` or `. */
  | { readonly status: 'missing'; readonly names: readonly string[] }
  /** A part of it is set: the names that are not. */
  | { readonly status: 'misconfigured'; readonly names: readonly string[] }

/** A value that is needed, and the variables it may stand in, the first that is set counts. */
export type Wanted = Readonly<Record<string, readonly string[]>>

const valueOf = (environment: Environment, variables: readonly string[]): string | null => {
  for (const variable of variables) {
    const value = environment[variable]?.trim()
    if (value) return value
  }
  return null
}

/** All of what is wanted is there, none of it is, or a part. */
export const readinessOf = (environment: Environment, wanted: Wanted): Readiness => {
  const values: Record<string, string> = {}
  const absent: string[] = []
  for (const [name, variables] of Object.entries(wanted)) {
    const value = valueOf(environment, variables)
    if (value === null) absent.push(variables.join(' or '))
    else values[name] = value
  }
  if (absent.length === 0) return { status: 'ready', values }
  const status = absent.length === Object.keys(wanted).length ? 'missing' : 'misconfigured'
  return { status, names: absent }
}

/** For sources that ask nothing. */
export const alwaysReady = (): Readiness => ({ status: 'ready', values: {} })

/** A message that does not name the region it is about helps nobody. */
const plain = new Set(['region'])

/** What of the values of a ready backend is kept out of every message: all that may be secret. */
export const secretsAmong = (values: Readonly<Record<string, string>>): Set<string> =>
  new Set(Object.entries(values).flatMap(([name, value]) => (plain.has(name) ? [] : [value])))
