/** The options of the default command. Those that ask for costs or reasons load rooms of their own. */
import { Option, type Command } from 'commander'
import type { RankBy } from '#api/cost'
import { ArgumentError } from '#domain/errors'
import { choiceOption, repeatable } from './choices.ts'
import type { CommonFlags, OverlayFlags, RequestFlags } from './flags.ts'
import type { LiveFlags } from './live-flags.ts'
import type { MaxAgeFlags } from './max-age.ts'
import type { OfferFormat } from './output/print-offers.ts'

const rankings = [
  'price',
  'total',
  'gpu-hour',
  'vram',
  'expected',
] as const satisfies readonly RankBy[]

export interface CostFlags {
  readonly rank?: RankBy
  readonly for?: string
  readonly budget?: string
}

interface ReasonFlags {
  readonly why?: boolean
  readonly relax?: number
  readonly printConfig?: boolean
  readonly explain?: number
}

export interface OffersFlags
  extends CommonFlags, RequestFlags, OverlayFlags, CostFlags, ReasonFlags, MaxAgeFlags, LiveFlags {
  readonly output: OfferFormat
  readonly maxOffers: number
  readonly groupBy?: readonly string[]
}

/** Counts from 1. */
const parseRank =
  (flag: string, example: string) =>
  (value: string): number => {
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
    throw new ArgumentError(`${flag} "${value}" is no rank`, {
      hint: `ranks count from 1: ${example}`,
    })
  }

const costAttributes = ['rank', 'for', 'budget']

export const addCostFlags = (command: Command): Command =>
  command
    .addOption(choiceOption('--rank <key>', 'order', rankings))
    .option('--for <duration>', 'cost of a run, such as 10m, 8h or 30d')
    .option('--budget <amount>', 'only what it pays for: 900/month, 30/day, 1.25/h')

export const addReasonFlags = (command: Command): Command =>
  command
    .option('--why', 'what each filter leaves, and the least changes')
    .addOption(
      new Option('--relax <number>', 'with that change of --why made').argParser(
        parseRank('--relax', '--relax 1 makes the first change of --why'),
      ),
    )
    .addOption(
      new Option('--print-config', 'the file with that change written into it').conflicts([
        'why',
        'explain',
        'groupBy',
        ...costAttributes,
      ]),
    )
    .addOption(
      new Option('--explain <rank>', 'where the offer of that rank comes from')
        .argParser(parseRank('--explain', '--explain 1 explains the first offer'))
        .conflicts(['why', 'groupBy']),
    )

export const addGroupFlag = (command: Command): Command =>
  command.addOption(
    // A part of the groups would be no answer: each is small, and the cheapest are first.
    repeatable('--group-by <keys>', 'gpu[,backend[,region]][,count]').conflicts([
      'why',
      'maxOffers',
      ...costAttributes,
    ]),
  )
