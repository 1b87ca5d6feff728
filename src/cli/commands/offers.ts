import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import type { OffersAnswer } from '#cli/answer'
import { exitCodes } from '#cli/exit-codes'
import {
  addCatalogFlag,
  addCommonFlags,
  addOutputFlag,
  addRequestFlags,
  type CatalogFlags,
  type CommonFlags,
  type RequestFlags,
} from '#cli/flags'
import { printNoOffers } from '#cli/no-offers'
import { writeNotes } from '#cli/notes'
import { parseLimit } from '#cli/offer-limit'
import { isReport, offerFormats, printOffers, type OfferFormat } from '#cli/output/print-offers'
import { findFile } from '#cli/find-file'
import { noteUnset, readRequest, type RequestWords } from '#cli/read-request'
import { lookOf } from '#cli/terminal'
import { unknownGpus, unknownNames, unseenBackends } from '#cli/unknown-names'
import type { World } from '#cli/world'

interface OffersFlags extends CommonFlags, RequestFlags, CatalogFlags {
  readonly output: OfferFormat
  readonly maxOffers: number
}

/** Where a command says how it ended. */
export interface Ending {
  code: number
}

/** The default command: the offers that a file, or the flags alone, ask for. */
const runOffers = async (
  options: RequestWords & { readonly flags: OffersFlags },
  world: World,
): Promise<number> => {
  const { flags } = options
  const request = await readRequest(options, world)
  const catalog = await world.openCatalog(flags.catalog)
  try {
    const found = catalog.search(request.requirements, { limit: flags.maxOffers })
    const answer: OffersAnswer = {
      ...request,
      ...found,
      catalog: catalog.summary(),
      nowMs: world.nowMs,
    }
    const nothing = found.matched === 0
    if (!nothing || !isReport(flags.output)) {
      const look = lookOf('stdout', world, flags.color)
      world.stdout.write(await printOffers(flags.output, answer, look))
    }
    writeNotes('note', noteUnset(request), world, flags)
    if (nothing) {
      const unknown = await unknownNames(request.requirements, catalog)
      world.stderr.write(printNoOffers(answer, unknown, lookOf('stderr', world, flags.color)))
      return exitCodes.noOffers
    }
    const unknown = await unknownGpus(request.requirements, catalog)
    const unseen = unseenBackends(request.requirements)
    writeNotes('warning', [...unknown, ...unseen], world, flags)
    return exitCodes.done
  } finally {
    catalog.close()
  }
}

const examples = `
Examples:
  dstack-offers                              offers for ./.dstack.yml
  dstack-offers serve.dstack.yml --spot      spot offers for a file
  dstack-offers --gpu A100:80GB:2            no file: two A100 of 80 GB, any machine
  dstack-offers serve.dstack.yml -b aws -b gcp --max-price 3
  dstack-offers serve.dstack.yml -n 0 -o csv > offers.csv
  dstack-offers --gpu H100:8 -o json | jq '.offers[0].price.amount'

What stands after -- becomes \${{ run.args }}.
Exit codes: 0 done, 1 a bug, 2 wrong input, 3 no offers, 4 catalog missing or
damaged, 130 interrupted.`

const refuseOthers = ([other]: readonly string[]): void => {
  if (other === undefined) return
  throw new ArgumentError(`"${other}" is one FILE too many`, {
    hint: 'arguments of the run stand after --',
  })
}

export const addOffersCommand = (
  program: Command,
  world: World,
  runArguments: readonly string[],
  ending: Ending,
): void => {
  program
    .description(
      'Where does this service run cheapest? Answers from a *.dstack.yml, offline, over a catalog of offers.',
    )
    .argument(
      '[file]',
      'a *.dstack.yml, a directory that holds .dstack.yml, or - for standard input',
    )
    .allowExcessArguments()
    .optionsGroup('Output:')
  addOutputFlag(program, offerFormats)
  program.option('-n, --max-offers <count>', 'offers shown; 0 for all', parseLimit, 20)
  addCommonFlags(program)
  addRequestFlags(program)
  program.optionsGroup('Catalog:')
  addCatalogFlag(program)
    .addHelpText('after', examples)
    .action(async (argument: string | undefined, flags: OffersFlags) => {
      const commands = program.commands.map((command) => command.name())
      const found = findFile(argument, flags, commands, world)
      refuseOthers(program.args.slice(1))
      if (found === null) {
        world.stderr.write(`${program.helpInformation({ error: true })}\n`)
        throw new ArgumentError('nothing was asked: there is no .dstack.yml here', {
          hint: 'give a FILE, or resources such as --gpu A100:80GB',
        })
      }
      ending.code = await runOffers({ ...found, flags, runArguments }, world)
    })
}
