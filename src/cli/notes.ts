import type { CommonFlags } from './flags.ts'
import { lookOf } from './terminal.ts'
import type { World } from './world.ts'

/** Narration goes to standard error, and nowhere with `--quiet`. */
export const writeNotes = (
  kind: 'note' | 'warning',
  notes: readonly string[],
  world: World,
  flags: CommonFlags,
): void => {
  if (flags.quiet === true || notes.length === 0) return
  const { style } = lookOf('stderr', world, flags.color)
  world.stderr.write(notes.map((note) => `${style.yellow(`${kind}:`)} ${note}\n`).join(''))
}
