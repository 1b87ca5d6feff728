import type { Variable } from '#domain/configuration'
import type { Environment } from '#platform/environment'

export interface ResolvedVariables {
  readonly values: ReadonlyMap<string, string>
  /** Required variables that are set nowhere, in the order of the configuration. */
  readonly unset: readonly string[]
}

/**
 * The variables of a run. Those of the command line come before those of the configuration; a name
 * without a value takes that of the process, also where the configuration has one.
 */
export const resolveVariables = (
  configured: ReadonlyMap<string, Variable>,
  overrides: ReadonlyMap<string, Variable>,
  environment: Environment,
): ResolvedVariables => {
  const values = new Map<string, string>()
  const unset: string[] = []
  for (const [name, variable] of new Map([...configured, ...overrides])) {
    const value = 'value' in variable ? variable.value : environment[name]
    if (value === undefined) unset.push(name)
    else values.set(name, value)
  }
  return { values, unset }
}
