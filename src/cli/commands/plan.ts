import type { Command } from 'commander'
import {
  addCommonFlags,
  addOutputFlag,
  addOverlayFlags,
  addRequestFlags,
  type CommonFlags,
  type OverlayFlags,
  type RequestFlags,
} from '#cli/flags'
import { addMaxAgeFlag, type MaxAgeFlags } from '#cli/max-age'
import { parseLimit } from '#cli/offer-limit'
import type { CommandGiven } from './given.ts'

interface AskingFlags extends CommonFlags, RequestFlags, OverlayFlags {}

export interface PlanFlags extends AskingFlags, MaxAgeFlags {
  readonly out?: string
  readonly maxOffers: number
}

const verifyFormats = ['table', 'json', 'yaml'] as const

export interface VerifyFlags extends AskingFlags {
  readonly output: (typeof verifyFormats)[number]
}

const addVerifyCommand = (plan: Command, { world, runArguments, ending }: CommandGiven): void => {
  const command = plan
    .command('verify')
    .summary('derive a plan again, and say what differs')
    .description(
      'Derives a plan again from the catalog and says what differs, with exit code 8; with FILE, from what FILE asks now.',
    )
    .argument('<plan>', 'a file of dstack-offers plan, or - for standard input')
    .argument('[file]', 'a *.dstack.yml, or a directory that holds .dstack.yml')
    .optionsGroup('Output:')
  addRequestFlags(addCommonFlags(addOutputFlag(command, verifyFormats)))
  addOverlayFlags(command.optionsGroup('Catalog:')).action(
    async (path: string, file: string | undefined, flags: VerifyFlags) => {
      const { verifyPlanFile } = await import('#cli/verify-plan')
      ending.code = await verifyPlanFile({ path, file, flags, runArguments }, world)
    },
  )
}

export const addPlanCommand = (program: Command, given: CommandGiven): void => {
  const { world, runArguments, ending, typed } = given
  const command = program
    .command('plan')
    .summary('write which offers to try, in order')
    .description(
      'Writes a plan: the offers to try in order, and the digests of all it follows from. The same inputs give the same bytes.',
    )
    .argument('[file]', 'a *.dstack.yml, a directory that holds .dstack.yml, or -')
    .enablePositionalOptions()
    .optionsGroup('Output:')
    .option('--out <path>', 'file to write; standard output without it')
  if (!typed) return
  command.option('-n, --max-offers <count>', 'attempts; 0 for all', parseLimit, 20)
  addRequestFlags(addCommonFlags(command))
  addMaxAgeFlag(addOverlayFlags(command.optionsGroup('Catalog:'))).action(
    async (argument: string | undefined, flags: PlanFlags) => {
      const { writePlan } = await import('#cli/write-plan')
      ending.code = await writePlan({ argument, flags, runArguments }, world)
    },
  )
  addVerifyCommand(command, given)
}
