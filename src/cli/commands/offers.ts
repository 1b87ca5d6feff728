import type { Command } from 'commander'
import type { Catalog } from '#api/catalog'
import { ArgumentError } from '#domain/errors'
import { answerOffers, type Asked } from '#cli/answer-offers'
import { findFile } from '#cli/find-file'
import { addCommonFlags, addOutputFlag, addOverlayFlags, addRequestFlags } from '#cli/flags'
import { addLiveFlags } from '#cli/live-flags'
import { addMaxAgeFlag } from '#cli/max-age'
import { writeNotes } from '#cli/notes'
import { parseLimit } from '#cli/offer-limit'
import { addCostFlags, addGroupFlag, addReasonFlags, type OffersFlags } from '#cli/offers-flags'
import { openUnderOverlay } from '#cli/open-under-overlay'
import { offerFormats } from '#cli/output/print-offers'
import { readRequest, type Request, type RequestWords } from '#cli/read-request'
import type { World } from '#cli/world'

/** Where a command says how it ended. */
export interface Ending {
  code: number
}

/** What a person or a parser of documents reads can say why; a list of offers cannot. */
const saysWhy: readonly string[] = ['table', 'wide', 'json', 'yaml']

const refuseFormat = (flags: OffersFlags): void => {
  const asked = flags.why === true ? '--why' : flags.explain === undefined ? null : '--explain'
  if (asked === null || saysWhy.includes(flags.output)) return
  throw new ArgumentError(`${asked} does not go with --output "${flags.output}"`, {
    hint: `one of ${saysWhy.join(', ')}`,
  })
}

const actionOf = async ({
  printConfig,
  groupBy,
  explain,
}: OffersFlags): Promise<(asked: Asked, world: World) => Promise<number>> => {
  if (printConfig === true) return (await import('#cli/print-relaxed')).printRelaxed
  if (groupBy !== undefined) return (await import('#cli/answer-groups')).answerGroups
  if (explain !== undefined) return (await import('#cli/explain-offer')).explainRank
  return answerOffers
}

const openLiveOf = async (flags: OffersFlags, { requirements }: Request, world: World) => {
  if (flags.live !== true && flags.liveTimeout === undefined) return undefined
  return (await import('#cli/live-offers')).openLiveOf(flags, requirements, world)
}

/** With the change of `--relax`, unless the change itself is wanted. */
const relaxedOr = async (
  request: Request,
  given: { readonly catalog: Catalog; readonly flags: OffersFlags },
  world: World,
): Promise<Request> => {
  const { catalog, flags } = given
  const { relax, printConfig } = flags
  if (relax === undefined || printConfig === true) return request
  const { relaxationOf } = await import('#cli/why-request')
  const { describeChanges } = await import('#cli/tables/why-words')
  const relaxation = relaxationOf(request, catalog, relax)
  writeNotes('note', [`relaxed: ${describeChanges(relaxation.changes)}`], world, flags)
  return { ...request, requirements: relaxation.requirements }
}

/** The default command: the offers that a file, or the flags alone, ask for. */
const runOffers = async (
  words: RequestWords & { readonly flags: OffersFlags },
  world: World,
): Promise<number> => {
  const { flags } = words
  refuseFormat(flags)
  const act = await actionOf(flags)
  const read = await readRequest(words, world)
  const openLive = await openLiveOf(flags, read, world)
  const opened = await openUnderOverlay(flags, world, openLive)
  try {
    const request = await relaxedOr(read, { catalog: opened.catalog, flags }, world)
    return await act({ request, opened, flags }, world)
  } finally {
    opened.catalog.close()
  }
}

const examples = `
Examples:
  dstack-offers                              offers for ./.dstack.yml
  dstack-offers serve.dstack.yml --spot      spot offers for a file
  dstack-offers --gpu A100:80GB:2            no file: two A100 of 80 GB
  dstack-offers serve.dstack.yml -b aws -b gcp --max-price 3
  dstack-offers serve.dstack.yml --why       what each filter costs
  dstack-offers serve.dstack.yml --rank total --for 8h --budget 900/month
  dstack-offers serve.dstack.yml -n 0 -o csv > offers.csv
  dstack-offers --gpu H100:8 -o json | jq '.offers[0].price.amount'

Understood as in dstack, though they change no offer: --pool, --reuse,
--dont-destroy, --idle-duration, --instance, --retry, --no-retry,
--retry-duration.
What stands after -- becomes \${{ run.args }}.
Exit codes: 0 done, 1 a bug, 2 wrong input, 3 no offers, 4 catalog missing,
damaged or older than --max-age, 5 a refresh failed for some backend,
7 a backend asked for lacks credentials, 8 differences found, 130 interrupted.`

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
  addGroupFlag(program)
  addCommonFlags(program)
  addReasonFlags(program.optionsGroup('Why:'))
  addCostFlags(program.optionsGroup('Total cost (machine, disk, replicas):'))
  addRequestFlags(program)
  addMaxAgeFlag(addLiveFlags(addOverlayFlags(program.optionsGroup('Catalog:'))))
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
