import type { World } from '#cli/world'
import type { Ending } from './offers.ts'

/** What a command with many options is added with. */
export interface CommandGiven {
  readonly world: World
  readonly runArguments: readonly string[]
  readonly ending: Ending
  /** Whether its name is among the words: only then is it worth the time to make its options. */
  readonly typed: boolean
}
