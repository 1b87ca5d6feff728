/** The options of the command line, and what each holds once parsed. Values are checked later, at once. */
import { Option, type Command } from 'commander'
import { choiceOption, repeatable } from './choices.ts'
import type { ColourChoice } from './style.ts'

export interface CommonFlags {
  readonly quiet?: boolean
  readonly color: ColourChoice
}

export interface RequestFlags {
  readonly gpu?: string
  readonly cpu?: string
  readonly memory?: string
  readonly disk?: string
  readonly backend?: readonly string[]
  readonly region?: readonly string[]
  readonly instanceType?: readonly string[]
  readonly maxPrice?: string
  readonly spot?: boolean
  readonly onDemand?: boolean
  readonly spotAuto?: boolean
  readonly spotPolicy?: string
  readonly profile?: string
  readonly env?: readonly string[]
  readonly maxDuration?: string
  readonly pool?: string
  readonly reuse?: boolean
  readonly dontDestroy?: boolean
  readonly idleDuration?: string
  readonly instance?: string
  readonly retry?: boolean
  readonly noRetry?: boolean
  readonly retryDuration?: string
}

export interface CatalogFlags {
  readonly catalog?: string
}

export interface OverlayFlags extends CatalogFlags, Pick<CommonFlags, 'quiet' | 'color'> {
  readonly asOf?: string
  readonly overlay?: string
  readonly noOverlay?: boolean
}

/** Of a group only one may be given. */
const addOneOf = (command: Command, options: readonly Option[]): void => {
  for (const option of options) {
    const others = options.filter((other) => other !== option)
    command.addOption(option.conflicts(others.map((other) => other.attributeName())))
  }
}

/** `--no-retry` as a flag of its own, so that `--retry --no-retry` is refused rather than overridden. */
const flagOfItsOwn = (flags: string, description: string): Option => {
  const option = new Option(flags, description)
  option.negate = false
  return option
}

/** Of a run: they are understood and change no offer, so the help names them in a sentence. */
const addRunFlags = (command: Command): void => {
  const hidden = (option: Option): Option => option.hideHelp()
  addOneOf(
    command,
    [
      new Option('--pool <name>', 'pool of instances'),
      new Option('--reuse', 'only instances of the pool'),
      new Option('--dont-destroy', 'keep the instance afterwards'),
      new Option('--idle-duration <duration>', 'how long an idle instance is kept'),
      new Option('--instance <name>', 'this instance of the pool'),
    ].map(hidden),
  )
  addOneOf(
    command,
    [
      new Option('--retry', 'retry without limit'),
      flagOfItsOwn('--no-retry', 'never retry'),
      new Option('--retry-duration <duration>', 'how long to retry'),
    ].map(hidden),
  )
}

export const addRequestFlags = (command: Command): Command => {
  command
    .optionsGroup('Resources (replace what FILE says; --gpu changes only the parts it names):')
    .option('--gpu <spec>', 'name, memory and count, such as A100:80GB:2, 24GB.. or A10G,L4')
    .option('--cpu <range>', 'number of CPUs, such as 4, 4.. or 4..8')
    .option('--memory <range>', 'memory, such as 16GB, 16GB.. or 16GB..64GB')
    .option('--disk <range>', 'disk, such as 200GB..')
    .optionsGroup('Where and at what price:')
    .addOption(repeatable('-b, --backend <name>', 'only this backend'))
    .addOption(repeatable('-r, --region <name>', 'only this region'))
    .addOption(repeatable('--instance-type <name>', 'only this instance type'))
    .option('--max-price <usd>', 'highest price per instance-hour')
    .optionsGroup('Spot or on-demand (one of):')
  addOneOf(command, [
    new Option('--spot', 'spot only'),
    new Option('--on-demand', 'on-demand only'),
    new Option('--spot-auto', 'either (the default of services and tasks)'),
    choiceOption('--spot-policy <policy>', 'by name', ['spot', 'on-demand', 'auto']),
  ])
  command
    .optionsGroup('Configuration:')
    .option('--profile <name>', 'profile of .dstack/profiles.yml (default: $DSTACK_PROFILE)')
    .addOption(repeatable('-e, --env <NAME[=VALUE]>', 'environment variable of the container'))
    .option('--max-duration <duration>', 'longest run, such as 2h, 1d or off')
  addRunFlags(command)
  return command
}

export const addCatalogFlag = (command: Command): Command =>
  command.option('--catalog <path>', 'catalog file to read instead of the embedded one')

/** The catalog and one's own prices over it. */
export const addOverlayFlags = (command: Command): Command => {
  addOneOf(command, [
    new Option('--catalog <path>', 'catalog file to read instead of the embedded one'),
    new Option('--as-of <day>', 'prices as they were known on a day, such as 2026-11-01'),
  ])
  addOneOf(command, [
    new Option('--overlay <path>', 'own prices, instead of .dstack/prices.yml'),
    flagOfItsOwn('--no-overlay', 'no own prices'),
  ])
  return command
}

export const addCommonFlags = (command: Command): Command =>
  command
    .option('-q, --quiet', 'no notes and warnings on standard error')
    .addOption(
      choiceOption('--color <when>', 'colour', ['auto', 'always', 'never']).default('auto'),
    )

export const addOutputFlag = (command: Command, formats: readonly string[]): Command =>
  command.addOption(choiceOption('-o, --output <format>', 'format', formats).default(formats[0]))
