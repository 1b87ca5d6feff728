/**
 * A transcript: `$ ` lines and what they print. A line of standard error starts with `2> `, an escape
 * sign is `␛`, and an exit code other than 0 stands last as `[exit 3]`. Other text is a comment and
 * starts with `## `. Environment variables may stand before the program, `cat FILE |` before it feeds
 * standard input, `| cat` after it makes both streams pipes.
 */
import type { Run, WorldOptions } from '../cli/world.ts'

export interface Step {
  readonly words: readonly string[]
  readonly options: WorldOptions
}

const splitWords = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(
      /'([^']*)'|"([^"]*)"/g,
      (_, single?: string, double?: string) => single ?? double ?? '',
    ),
  )

export const readStep = (line: string, files: Readonly<Record<string, string>>): Step => {
  const match = /^(?:cat (\S+) \| )?((?:[A-Z_]+=\S* )*)dstack-offers( .*?)?( \| cat)?$/.exec(line)
  if (match === null) throw new Error(`no command of a transcript: ${line}`)
  const [, input, variables = '', words = '', pipe] = match
  const assignments = splitWords(variables).map((word): [string, string] => {
    const at = word.indexOf('=')
    return [word.slice(0, at), word.slice(at + 1)]
  })
  return {
    words: splitWords(words),
    options: {
      files,
      environment: { NO_COLOR: '1', ...Object.fromEntries(assignments) },
      ...(pipe === undefined ? { columns: 80 } : {}),
      ...(input === undefined ? {} : { stdin: files[input] ?? '' }),
    },
  }
}

const linesOf = (text: string): readonly string[] => {
  if (text === '') return []
  const lines = text.replaceAll('\u001b', '␛').split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : [...lines, '[no line break]']
}

export const printRun = (command: string, { code, stdout, stderr }: Run): string =>
  [
    `$ ${command}`,
    ...linesOf(stdout),
    ...linesOf(stderr).map((line) => `2> ${line}`.trimEnd()),
    ...(code === 0 ? [] : [`[exit ${code}]`]),
  ].join('\n')

/** Comments as they stand, each command as `answer` prints it anew. */
export const replay = async (
  text: string,
  answer: (command: string) => Promise<string>,
): Promise<string> => {
  const blocks: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ')) blocks.push(await answer(line.slice(2)))
    else if (line.startsWith('## ')) blocks.push(line)
  }
  return `${blocks.join('\n\n')}\n`
}
