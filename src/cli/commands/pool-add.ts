import type { Command } from 'commander'
import {
  addCommonFlags,
  addOverlayFlags,
  addRequestFlags,
  type CommonFlags,
  type OverlayFlags,
  type RequestFlags,
} from '#cli/flags'
import type { CommandGiven } from './given.ts'

export interface PoolAddFlags extends CommonFlags, RequestFlags, OverlayFlags {
  readonly name?: string
  readonly yes?: boolean
  readonly allowStale?: boolean
}

const help = `
Without FILE: 2 CPUs, 8GB, a disk of 100GB, on demand, for 72 hours; each flag says otherwise. With
FILE what it says, as for a run of it. --pool NAME or --idle-duration DURATION say where, or for how
long it may idle.
Exit codes: 0 it idles, 2 wrong input, 3 no offer could be launched, 4 prices too old, 5 nothing here
can keep a machine.`

export const addPoolAddCommand = (pool: Command, given: CommandGiven): void => {
  const { world, runArguments, ending, typed } = given
  const command = pool
    .command('add')
    .summary('launch a machine that idles')
    .description('Launches the cheapest machine that starts, for a run that comes later.')
    .argument('[file]', 'a *.dstack.yml that says what it is for')
  if (!typed) return
  command
    .optionsGroup('Machine:')
    .option('--name <name>', 'name of its launch, among runs')
    .option('-y, --yes', 'do not ask')
    .option('--allow-stale', 'spend money at old prices')
  addRequestFlags(addCommonFlags(command))
  addOverlayFlags(command.optionsGroup('Catalog:'))
    .addHelpText('after', help)
    .action(async (file: string | undefined, flags: PoolAddFlags) => {
      const { addMachine } = await import('#cli/add-machine')
      ending.code = await addMachine({ file, flags, runArguments }, world)
    })
}
