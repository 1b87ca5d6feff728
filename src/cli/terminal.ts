import type { Environment } from '#platform/environment'
import { chooseStyle, type ColourChoice, type Style } from './style.ts'
import type { Output, World } from './world.ts'

/** How to write for one stream. */
export interface Look {
  readonly style: Style
  /** Null for no limit: a pipe gets whole lines. */
  readonly width: number | null
}

/** `COLUMNS`, where exported, beats the terminal and gives a pipe a width. */
const widthOf = (output: Output, environment: Environment): number | null => {
  const columns = environment['COLUMNS'] ?? ''
  if (/^[1-9]\d{0,4}$/.test(columns)) return Number(columns)
  return output.isTTY ? (output.columns ?? 80) : null
}

export const lookOf = (
  stream: 'stdout' | 'stderr',
  world: World,
  colour: ColourChoice = 'auto',
): Look => ({
  style: chooseStyle(colour, world[stream].isTTY, world.environment),
  width: widthOf(world[stream], world.environment),
})
