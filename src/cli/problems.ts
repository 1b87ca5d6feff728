import type { ConfigurationError, KnownError, Position, Problem } from '#domain/errors'
import type { Style } from './style.ts'
import { printCounted } from './tables/numbers.ts'
import { cutText, dropStart, textWidth, visible } from './text-width.ts'

export interface ProblemOptions {
  readonly style: Style
  /** Null for no limit. */
  readonly width: number | null
}

/** `resources.gpu.memory`, `env[2]`. */
const printPath = (path: Problem['path']): string =>
  path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${visible(step)}`,
    )
    .join('')

interface Excerpt {
  readonly text: string
  readonly caret: string
}

/** Where the line is too long, the part before the caret gives way first. */
const shorten = ({ text, caret }: Excerpt, room: number): Excerpt => {
  if (textWidth(text) <= room) return { text, caret }
  const from = Math.max(0, caret.indexOf('^') - Math.floor(room / 2))
  const lead = from === 0 ? '' : '…'
  return {
    text: cutText(lead + dropStart(text, from), room),
    caret: cutText(lead === '' ? caret : ` ${caret.slice(from)}`, room).replace('…', '^'),
  }
}

const excerptOf = (line: string, { column, length }: Position): Excerpt => {
  const before = visible(line.slice(0, column - 1))
  const marked = visible(line.slice(column - 1, column - 1 + length))
  return {
    text: visible(line).trimEnd(),
    caret: ' '.repeat(textWidth(before)) + '^'.repeat(Math.max(1, textWidth(marked))),
  }
}

/** Without a terminal an excerpt still is no place for a line of a million signs. */
const pipeWidth = 160

const printExcerpt = (line: string, position: Position, options: ProblemOptions): string[] => {
  const number = String(position.line)
  const gutter = ' '.repeat(number.length)
  const room = Math.max(20, (options.width ?? pipeWidth) - number.length - 5)
  const excerpt = shorten(excerptOf(line, position), room)
  const bar = options.style.dim('|')
  return [
    `  ${options.style.dim(number)} ${bar} ${excerpt.text}`.trimEnd(),
    `  ${gutter} ${bar} ${options.style.red(excerpt.caret)}`,
  ]
}

const printHint = (hint: string | undefined, style: Style): string[] =>
  hint === undefined || hint === '' ? [] : [`${style.bold('hint:')} ${visible(hint)}`]

/** `file:line:column: path: message`. */
const printPlaced = (file: string, { path, message, position }: Problem, style: Style): string => {
  const place = position === undefined ? '' : `:${position.line}:${position.column}`
  const subject = path.length === 0 ? '' : `${printPath(path)}: `
  return `${style.bold(visible(file) + place)}: ${subject}${visible(message)}`
}

const printProblem = (
  file: string,
  lines: readonly string[],
  problem: Problem,
  options: ProblemOptions,
): readonly string[] => {
  const { position, hint } = problem
  const line = position === undefined ? undefined : lines[position.line - 1]
  return [
    printPlaced(file, problem, options.style),
    ...(position === undefined || line === undefined ? [] : printExcerpt(line, position, options)),
    ...printHint(hint, options.style).map((text) => `  ${text}`),
  ]
}

/** A file with more problems than this is no configuration. */
const mostProblems = 100

/** Every problem of a file, each with its place under a caret. */
export const printConfigurationError = (
  { file, problems, text }: ConfigurationError,
  options: ProblemOptions,
): string => {
  const lines = text.split(/\r\n|\n|\r/)
  const hidden = problems.length - mostProblems
  return [
    `${options.style.red('error:')} ${visible(file)}: ${printCounted(problems.length, 'problem')}`,
    ...problems
      .slice(0, mostProblems)
      .flatMap((problem) => printProblem(file, lines, problem, options)),
    ...(hidden > 0 ? [`and ${printCounted(hidden, 'more problem')}`] : []),
    '',
  ].join('\n')
}

export const printKnownError = (
  error: Pick<KnownError, 'message' | 'hint'>,
  options: ProblemOptions,
): string =>
  [
    `${options.style.red('error:')} ${visibleLines(error.message)}`,
    ...printHint(error.hint, options.style),
    '',
  ].join('\n')

/** A message may hold several lines, such as one for each bad flag. */
const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')
