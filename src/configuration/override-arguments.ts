import { refusal } from './scalar.ts'

/** Values of the command line, each still as it was written; absent where the flag is. */
export interface OverrideArguments {
  readonly cpu?: string | number
  readonly memory?: string | number
  readonly disk?: string | number
  readonly gpu?: string | number
  readonly backends?: readonly string[]
  readonly regions?: readonly string[]
  readonly instanceTypes?: readonly string[]
  readonly maxPrice?: string | number
  readonly maxDuration?: string | number
  readonly spot?: boolean
  readonly onDemand?: boolean
  readonly spotAuto?: boolean
  readonly spotPolicy?: string
  readonly retry?: boolean
  readonly noRetry?: boolean
  readonly retryDuration?: string | number
  readonly pool?: string
  readonly instance?: string
  readonly reuse?: boolean
  readonly dontDestroy?: boolean
  readonly idleDuration?: string | number
  readonly env?: readonly string[]
}

type Flag = readonly [name: keyof OverrideArguments, spelling: string]

/** Flags of which at most one may be given. */
const groups: readonly (readonly Flag[])[] = [
  [
    ['spot', '--spot'],
    ['onDemand', '--on-demand'],
    ['spotAuto', '--spot-auto'],
    ['spotPolicy', '--spot-policy'],
  ],
  [
    ['retry', '--retry'],
    ['noRetry', '--no-retry'],
    ['retryDuration', '--retry-duration'],
  ],
  [
    ['pool', '--pool'],
    ['reuse', '--reuse'],
    ['dontDestroy', '--dont-destroy'],
    ['idleDuration', '--idle-duration'],
    ['instance', '--instance'],
  ],
]

export const checkGroups = (given: OverrideArguments): void => {
  for (const group of groups) {
    const together = group.filter(([name]) => given[name] !== undefined && given[name] !== false)
    if (together.length < 2) continue
    const spellings = together.map(([, spelling]) => spelling).join(' and ')
    throw refusal(`${spellings} exclude each other`, 'give one of them')
  }
}
