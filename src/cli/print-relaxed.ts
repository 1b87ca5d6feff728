import { relaxedConfiguration } from '#api/why'
import { ArgumentError } from '#domain/errors'
import type { Asked } from './answer-offers.ts'
import { exitCodes } from './exit-codes.ts'
import { writeNotes } from './notes.ts'
import { visible } from './text-width.ts'
import { relaxationOf } from './why-request.ts'
import { describeChanges } from './tables/why-words.ts'
import type { World } from './world.ts'

/** Writes the configuration with a change of `--why` in it; only the keys it touches differ. */
export const printRelaxed = ({ request, opened, flags }: Asked, world: World): Promise<number> => {
  if (flags.relax === undefined) {
    throw new ArgumentError(
      '--print-config prints the file with a change of --why, and none is chosen',
      {
        hint: 'such as --relax 1 --print-config',
      },
    )
  }
  if (request.subject === null) {
    throw new ArgumentError('there is no file to write the change into', {
      hint: 'give a FILE, or leave out --print-config to see the offers',
    })
  }
  const relaxation = relaxationOf(request, opened.catalog, flags.relax)
  const { text, unwritten } = relaxedConfiguration(request.subject.text, relaxation)
  world.stdout.write(text)
  writeNotes('note', [`relaxed: ${describeChanges(relaxation.changes)}`], world, flags)
  writeNotes(
    'warning',
    unwritten.map(({ reason }) => `not written: ${visible(reason)}`),
    world,
    flags,
  )
  return Promise.resolve(exitCodes.done)
}
