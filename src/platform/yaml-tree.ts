/** Offsets in the text: the first character and the one after the last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * A number whose spelling says more than its value: `3.10`, `8.0`, `010`. Numbers that print as they
 * were written are plain numbers.
 */
export class NumberAsWritten {
  readonly value: number
  readonly text: string

  constructor(value: number, text: string) {
    this.value = value
    this.text = text
  }
}

export type YamlScalar = string | number | boolean | null | NumberAsWritten

/** A document with the place of everything in it; aliases and merge keys are resolved. */
export type YamlNode = Span &
  (
    | { readonly kind: 'scalar'; readonly value: YamlScalar }
    | { readonly kind: 'list'; readonly items: readonly YamlNode[] }
    | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, YamlEntry> }
  )

export interface YamlEntry {
  readonly key: Span
  readonly node: YamlNode
}

export interface YamlProblem extends Span {
  readonly message: string
  readonly hint?: string | undefined
}

/** The parser takes time quadratic in the tokens of some broken texts: so these are bounded too. */
export const yamlLimits = {
  depth: 64,
  characters: 1024 * 1024,
  tokens: 100_000,
  aliasedNodes: 10_000,
} as const

/** Stops the reading of a text that cannot be read any further. Never leaves the reader. */
export class YamlRefusal extends Error {
  readonly problem: YamlProblem

  constructor(at: Span, message: string, hint?: string) {
    super(message)
    this.problem = { start: at.start, end: at.end, message, hint }
  }
}

export const tooDeep = (start: number): YamlRefusal =>
  new YamlRefusal(
    { start, end: start + 1 },
    `the text is nested more than ${yamlLimits.depth} levels deep`,
  )

export const tooLong = (start: number): YamlRefusal =>
  new YamlRefusal(
    { start, end: start + 1 },
    `the text holds more than ${yamlLimits.tokens} YAML tokens`,
  )

/** The plain value of a node: objects without a prototype, arrays, scalars. */
export const valueOf = (node: YamlNode): unknown => {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(valueOf)
  const value = Object.create(null) as Record<string, unknown>
  for (const [key, entry] of node.entries) value[key] = valueOf(entry.node)
  return value
}
