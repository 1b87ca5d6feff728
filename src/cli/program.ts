/** From a world to an exit code. Every error ends here, as one screen of text. */
import { Command, CommanderError } from 'commander'
import { ConfigurationError, KnownError } from '#domain/errors'
import { addCatalogCommand } from './commands/catalog.ts'
import { addCheckCommand } from './commands/check.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addCompletionCommand } from './commands/completion.ts'
import type { CommandGiven } from './commands/given.ts'
import { addDiffCommand } from './commands/diff.ts'
import { addGpusCommand } from './commands/gpus.ts'
import { addHistoryCommand } from './commands/history.ts'
import { addOffersCommand, type Ending } from './commands/offers.ts'
import { addPlanCommand } from './commands/plan.ts'
import { addRunCommand } from './commands/run.ts'
import { addRunsCommands } from './commands/runs.ts'
import { addSchemaCommand } from './commands/schema.ts'
import { addServerCommand } from './commands/server.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { addSqlCommand } from './commands/sql.ts'
import { addTokenCommand } from './commands/token.ts'
import { refuseExcess } from './excess-arguments.ts'
import { exitCodeOfError, exitCodes } from './exit-codes.ts'
import { printConfigurationError, printKnownError } from './problems.ts'
import type { ColourChoice } from './style.ts'
import { lookOf, type Look } from './terminal.ts'
import { printUsageError } from './usage-error.ts'
import { version } from '#domain/version'
import type { World } from './world.ts'

/** Read before the parser runs, so that its own errors and help obey the flag. */
const colourAmong = (words: readonly string[]): ColourChoice => {
  const at = words.findLastIndex((word) => word === '--color' || word.startsWith('--color='))
  const value = words[at] === '--color' ? words[at + 1] : words[at]?.slice('--color='.length)
  return value === 'always' || value === 'never' ? value : 'auto'
}

interface Words {
  readonly own: readonly string[]
  /** What stands after `--`: arguments of the run. */
  readonly run: readonly string[]
}

const splitWords = (words: readonly string[]): Words => {
  const at = words.indexOf('--')
  return at < 0 ? { own: words, run: [] } : { own: words.slice(0, at), run: words.slice(at + 1) }
}

const buildProgram = (world: World, words: Words, ending: Ending): Command => {
  const colour = colourAmong(words.own)
  const out = lookOf('stdout', world, colour)
  const program = new Command('dstack-offers')
    .exitOverride()
    .enablePositionalOptions()
    .usage('[file] [options]\n       dstack-offers <command> [options]')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => out.width ?? 80,
      getErrHelpWidth: () => lookOf('stderr', world, colour).width ?? 80,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .configureHelp({ styleTitle: out.style.bold })
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .hook('preAction', (_, command) => refuseExcess(command))
  addOffersCommand(program, world, words.run, ending)
  const given = (name: string): CommandGiven => ({
    world,
    ending,
    runArguments: words.run,
    typed: words.own.includes(name),
  })
  addPlanCommand(program, given('plan'))
  addRunCommand(program, given('run'))
  addRunsCommands(program, given)
  addServerCommand(program, given('server'))
  addTokenCommand(program, given('token'))
  addCompareCommand(program, given('compare'))
  addGpusCommand(program, given('gpus'))
  addCheckCommand(program, given('check'))
  addCatalogCommand(program, given('catalog'))
  addSimulateCommand(program, given('simulate'))
  addHistoryCommand(program, given('history'))
  addDiffCommand(program, given('diff'))
  addSqlCommand(program, given('sql'))
  addSchemaCommand(program, world)
  addCompletionCommand(program, world)
  return program
}

const reportError = (error: unknown, look: Look, world: World): number => {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done
    world.stderr.write(printUsageError(error, look))
    return exitCodes.input
  }
  if (error instanceof ConfigurationError) {
    world.stderr.write(printConfigurationError(error, look))
    return exitCodeOfError[error.code]
  }
  if (error instanceof KnownError) {
    world.stderr.write(printKnownError(error, look))
    return exitCodeOfError[error.code]
  }
  throw error
}

/** Throws only what is a bug. */
export const runProgram = async (world: World): Promise<number> => {
  const [first, ...others] = world.arguments
  const ending: Ending = { code: exitCodes.done }
  if (first === '__complete') {
    const { complete } = await import('./completion/complete.ts')
    const program = buildProgram(world, { own: others, run: [] }, ending)
    return complete(program, others, world)
  }
  const words = splitWords(world.arguments)
  try {
    await buildProgram(world, words, ending).parseAsync(words.own, { from: 'user' })
    return ending.code
  } catch (error) {
    return reportError(error, lookOf('stderr', world, colourAmong(words.own)), world)
  }
}
