import { Argument, Option } from 'commander'
import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'

const refuse = (what: string, value: string, choices: readonly string[]): never => {
  const near = nearest(value, choices)
  throw new ArgumentError(`unknown ${what} "${value}"`, {
    hint: `${near === null ? '' : `did you mean ${near}? `}one of ${choices.join(', ')}`,
  })
}

const choose = (what: string, choices: readonly string[]) => (value: string) =>
  choices.includes(value) ? value : refuse(what, value, choices)

/** An option that takes one of some words, and names the nearest of them otherwise. */
export const choiceOption = (
  flags: string,
  description: string,
  choices: readonly string[],
): Option => {
  const option = new Option(flags, description).choices(choices)
  return option.argParser(choose(`value of ${option.long ?? flags}`, choices))
}

export const choiceArgument = (name: string, choices: readonly string[]): Argument =>
  new Argument(`<${name}>`).choices(choices).argParser(choose(name, choices))

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
]

/** An option whose values are collected. */
export const repeatable = (flags: string, description: string): Option =>
  new Option(flags, `${description} (repeatable)`).argParser(collect)
