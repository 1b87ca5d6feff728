import type { CommanderError } from 'commander'
import type { Look } from './terminal.ts'
import { printKnownError } from './problems.ts'

const hints: ReadonlyMap<string, string> = new Map([
  ['commander.conflictingOption', 'keep one of them'],
])

const suggestion = /\n\(Did you mean (?:one of )?(.+)\?\)$/s

/** What the parser of options refused, in the form of every other error. */
export const printUsageError = ({ code, message }: CommanderError, look: Look): string => {
  if (code === 'commander.help') {
    const hint = 'those that there are stand above'
    return `\n${printKnownError({ message: 'a command is missing or unknown', hint }, look)}`
  }
  const near = suggestion.exec(message)?.[1]
  const said = message.replace(suggestion, '').replace(/^error: /, '')
  const hint = near === undefined ? hints.get(code) : `did you mean ${near}?`
  return printKnownError({ message: said, hint: hint ?? 'see dstack-offers --help' }, look)
}
