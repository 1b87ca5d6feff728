import { Composer, Lexer, Parser, type Document } from 'yaml'
import { tooDeep, tooLong, yamlLimits, type YamlProblem } from './yaml-tree.ts'

interface Advice {
  readonly message?: string
  readonly hint?: string
}

const advice: Readonly<Record<string, Advice>> = {
  TAB_AS_INDENT: { message: 'a tab is used for indentation', hint: 'indent with spaces' },
  BAD_INDENT: { hint: 'align it with its neighbours' },
  BLOCK_AS_IMPLICIT_KEY: { hint: 'put a value that holds ": " in quotes' },
  MULTILINE_IMPLICIT_KEY: { hint: 'is a ":" missing after the key?' },
  BAD_SCALAR_START: { hint: 'put the value in quotes' },
}

const plain = (message: string): string =>
  message.charAt(0).toLowerCase() + message.slice(1).replace(/[.:]$/, '')

const composer = (): Composer =>
  new Composer({
    schema: 'core',
    version: '1.2',
    // Its check is quadratic in the number of keys; yaml-nodes.ts has a linear one.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })

/** Documents of the text, and no more than two. */
const compose = (text: string): readonly Document.Parsed[] => {
  const parser = new Parser()
  const composing = composer()
  const documents: Document.Parsed[] = []
  let tokens = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (++tokens > yamlLimits.tokens) throw tooLong(parser.offset)
    for (const token of parser.next(lexeme)) documents.push(...composing.next(token))
    // The parser keeps its own stack but the composer recurses, and would exhaust the machine's.
    if (parser.stack.length > yamlLimits.depth + 8) throw tooDeep(parser.offset)
    if (documents.length > 1) return documents
  }
  for (const token of parser.end()) documents.push(...composing.next(token))
  documents.push(...composing.end(true, text.length))
  return documents
}

/** One problem per line: the parser often reports what follows from the first one too. */
const problemsOf = (text: string, document: Document.Parsed): readonly YamlProblem[] => {
  const problems = new Map<number, YamlProblem>()
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const [start, end] = pos
    const line = text.lastIndexOf('\n', start - 1)
    if (problems.has(line) || problems.size >= 20) continue
    const told = advice[code]
    problems.set(line, {
      start,
      end,
      message: told?.message ?? plain(message),
      hint: told?.hint,
    })
  }
  return [...problems.values()].sort((left, right) => left.start - right.start)
}

export interface Syntax {
  readonly document: Document.Parsed | null
  readonly problems: readonly YamlProblem[]
}

/** Parses one document. The document is null where its problems leave no tree to go on with. */
export const parseSyntax = (text: string): Syntax => {
  const [document, second] = compose(text)
  if (!document) return { document: null, problems: [] }
  if (second) {
    const [start] = second.range
    const message = 'the file holds more than one document'
    const hint = 'keep one; "---" starts another'
    return { document: null, problems: [{ start, end: start + 3, message, hint }] }
  }
  return {
    document: document.errors.length === 0 ? document : null,
    problems: problemsOf(text, document),
  }
}
