/** What may follow the words typed so far. Reads the commands and options from the program itself. */
import type { Command, Option } from 'commander'

export interface Names {
  backends(): readonly string[]
  regions(): readonly string[]
  gpus(): readonly string[]
  instanceTypes(): readonly string[]
}

const filesFollow = ':files'

/** The usual values of `--group-by`. */
const groupings = ['gpu', 'gpu,backend', 'gpu,backend,region', 'gpu,count']

type Source = (names: Names) => readonly string[]

/** Values from the catalog, by the long name of their option. */
const sources: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['--backend', (names) => names.backends()],
  ['--region', (names) => names.regions()],
  ['--gpu', (names) => names.gpus()],
  ['--instance-type', (names) => names.instanceTypes()],
  ['--group-by', () => groupings],
])

/** Options whose value is the path of a file. */
const pathOptions = new Set(['--catalog', '--overlay', '--out'])

type OpenNames = () => Promise<Names>

const valuesOf = async (option: Option, openNames: OpenNames): Promise<readonly string[]> => {
  if (option.argChoices !== undefined) return option.argChoices
  if (pathOptions.has(option.long ?? '')) return [filesFollow]
  const source = sources.get(option.long ?? '')
  return source === undefined ? [] : source(await openNames())
}

/** What the operand after so many others may be; the last of a command may be one of any number. */
const argumentsOf = (command: Command, typed: number): readonly string[] => {
  const { registeredArguments: all } = command
  const last = all.at(-1)
  const argument = all[typed] ?? (last?.variadic === true ? last : undefined)
  if (argument === undefined) return []
  return argument.argChoices ?? [filesFollow]
}

const takesValue = (option: Option): boolean => option.required || option.optional

const optionNamed = (command: Command, word: string): Option | undefined =>
  command.options.find((option) => option.long === word || option.short === word)

interface Place {
  readonly command: Command
  /** The option whose value is being typed. */
  readonly pending: Option | undefined
  /** Operands of the command typed so far. */
  readonly operands: number
  readonly optionsEnded: boolean
}

const step = (place: Place, word: string): Place => {
  if (place.optionsEnded) return place
  if (place.pending !== undefined) return { ...place, pending: undefined }
  if (word === '--') return { ...place, optionsEnded: true }
  if (word.startsWith('-')) {
    const option = word.includes('=') ? undefined : optionNamed(place.command, word)
    return { ...place, pending: option !== undefined && takesValue(option) ? option : undefined }
  }
  const command =
    place.operands > 0
      ? undefined
      : place.command.commands.find((candidate) => candidate.name() === word)
  return command === undefined ? { ...place, operands: place.operands + 1 } : { ...place, command }
}

const all = async (
  place: Place,
  typed: string,
  openNames: OpenNames,
): Promise<readonly string[]> => {
  const { command, pending } = place
  if (place.optionsEnded) return [filesFollow]
  if (pending !== undefined) return valuesOf(pending, openNames)
  if (typed.startsWith('-')) {
    return [...command.options.flatMap((option) => option.long ?? []), '--help']
  }
  if (place.operands > 0) return argumentsOf(command, place.operands)
  const visible = command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name())
  return [...visible.filter((name) => name !== 'help'), ...argumentsOf(command, 0)]
}

/** The candidates for the last of the words, which may be empty. Bash splits `--gpu=A` in three. */
export const candidatesFor = async (
  program: Command,
  words: readonly string[],
  openNames: OpenNames,
): Promise<readonly string[]> => {
  const parts = words.filter((word) => word !== '=')
  const typed = words.at(-1) === '=' ? '' : (parts.at(-1) ?? '')
  const before = words.at(-1) === '=' ? parts : parts.slice(0, -1)
  const start: Place = {
    command: program,
    pending: undefined,
    operands: 0,
    optionsEnded: false,
  }
  const place = before.reduce(step, start)
  const wanted = typed.toLowerCase()
  const candidates = await all(place, typed, openNames)
  return candidates.filter((name) => name === filesFollow || name.toLowerCase().startsWith(wanted))
}
