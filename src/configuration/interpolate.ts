import type { Configuration } from '#domain/configuration'
import { refusal } from './scalar.ts'

const opening = '${{'
const closing = '}}'
const reference = /^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/i

/** The text of a reference that starts at `start`, and where the text goes on. */
const readReference = (text: string, start: number): { name: string; end: number } => {
  const close = text.indexOf(closing, start)
  if (close === -1) throw refusal(`"${text.slice(start)}" is not closed`, `end it with ${closing}`)
  const name = text.slice(start + opening.length, close).trim()
  if (!reference.test(name))
    throw refusal(`"${name}" is no reference`, 'references look like ${{ run.args }}')
  return { name, end: close + closing.length }
}

/**
 * Fills `${{ namespace.name }}` in. `$$` stands for `$`; unknown names are empty; references to
 * secrets are left for the one who has them.
 */
export const interpolate = (text: string, variables: ReadonlyMap<string, string>): string => {
  let filled = ''
  let at = 0
  while (at < text.length) {
    const dollar = text.indexOf('$', at)
    if (dollar === -1) break
    filled += text.slice(at, dollar)
    if (text.startsWith('$$', dollar)) {
      filled += '$'
      at = dollar + 2
    } else if (text.startsWith(opening, dollar)) {
      const { name, end } = readReference(text, dollar)
      filled += name.startsWith('secrets.') ? text.slice(dollar, end) : (variables.get(name) ?? '')
      at = end
    } else {
      filled += '$'
      at = dollar + 1
    }
  }
  return filled + text.slice(at)
}

/** The configuration with the arguments of the command line filled into `setup` and `commands`. */
export const fillRunArguments = <T extends Configuration>(
  configuration: T,
  runArguments: readonly string[],
): T => {
  const variables = new Map([['run.args', runArguments.join(' ')]])
  const fill = (texts: readonly string[]) => texts.map((text) => interpolate(text, variables))
  const filled = { ...configuration, setup: fill(configuration.setup) }
  return 'commands' in filled ? { ...filled, commands: fill(filled.commands) } : filled
}
