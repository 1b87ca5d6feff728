import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import {
  addCommonFlags,
  addOverlayFlags,
  addRequestFlags,
  type CommonFlags,
  type OverlayFlags,
  type RequestFlags,
} from '#cli/flags'
import type { CommandGiven } from './given.ts'

export interface RunFlags extends CommonFlags, RequestFlags, OverlayFlags {
  readonly name?: string
  readonly yes?: boolean
  readonly detach?: boolean
  readonly plan?: string
  readonly attempts: number
  readonly dryRun?: boolean
  readonly noFiles?: boolean
  readonly allowStale?: boolean
}

/** As many as dstack tries. */
const usualAttempts = 15

const parseAttempts = (value: string): number => {
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value)
  throw new ArgumentError(`--attempts "${value}" is no number of offers`, { hint: 'such as 15' })
}

const help = `
The first interrupt stops the run and waits until its machines are gone; the second leaves it as it
is, in the books.
Exit codes: 0 over or stopped, 2 wrong input, 3 no offer could be launched, 4 prices too old,
5 the command failed, 8 the plan no longer fits.`

export const addRunCommand = (program: Command, given: CommandGiven): void => {
  const { world, runArguments, ending, typed } = given
  const command = program
    .command('run')
    .summary('run a service where it is cheapest')
    .description('Runs a service on the cheapest offer that really starts.')
    .argument('[file]', 'a *.dstack.yml, a directory that holds .dstack.yml, or -')
  if (!typed) return
  command
    .optionsGroup('Run:')
    .option('--name <name>', 'name of the run')
    .option('-y, --yes', 'do not ask')
    .option('-d, --detach', 'leave it to dstack-offers server')
    .option('--plan <path>', 'only what a plan tries, at its prices or below')
    .option('--attempts <count>', 'offers tried at most', parseAttempts, usualAttempts)
    .option('--dry-run', 'print what would be sent, without secrets, and send nothing')
    .option('--allow-stale', 'spend money at old prices')
  command.addOption(command.createOption('--no-files', 'without the files of the project'))
  addRequestFlags(addCommonFlags(command))
  addOverlayFlags(command.optionsGroup('Catalog:'))
    .addHelpText('after', help)
    .action(async (argument: string | undefined, flags: RunFlags & { files?: boolean }) => {
      const { runService } = await import('#cli/run-service')
      const asked = { ...flags, noFiles: flags.files === false }
      ending.code = await runService({ argument, flags: asked, runArguments }, world)
    })
}
