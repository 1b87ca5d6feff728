import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`

/** A command that is spelled wrong (`catalog refesh`, in a crontab) must not do something else. */
export const refuseExcess = (command: Command): void => {
  const taken = command.registeredArguments
  const [first] = command.args
  const extra = command.args[taken.length]
  if (command.parent === null || extra === undefined || taken.at(-1)?.variadic) return
  const name = nameOf(command)
  const names = command.commands.map((known) => known.name())
  const near = first === undefined ? null : nearest(first, names)
  if (near !== null) {
    const hint = `did you mean ${name} ${near}?`
    throw new ArgumentError(`"${first}" is no command of ${name}`, { hint })
  }
  throw new ArgumentError(`"${extra}" is one argument too many for ${name}`, {
    hint: `see ${name} --help`,
  })
}
