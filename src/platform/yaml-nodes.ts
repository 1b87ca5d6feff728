import { isAlias, isMap, isNode, isScalar, isSeq, type Document } from 'yaml'
import {
  NumberAsWritten,
  tooDeep,
  yamlLimits,
  YamlRefusal,
  type Span,
  type YamlEntry,
  type YamlNode,
  type YamlProblem,
  type YamlScalar,
} from './yaml-tree.ts'

interface Pair {
  readonly key: unknown
  readonly value: unknown
}

const spanOf = (node: unknown, fallback: Span): Span => {
  const range = isNode(node) ? node.range : null
  return range ? { start: range[0], end: range[1] } : fallback
}

const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && key.value === '<<' && key.type === 'PLAIN'

const mergeSources = (node: YamlNode, at: Span): readonly YamlNode[] => {
  const sources = node.kind === 'list' ? node.items : [node]
  if (sources.every((source) => source.kind === 'map')) return sources
  throw new YamlRefusal(at, '"<<" takes a mapping or a list of mappings')
}

const keyText = (key: unknown, at: Span): string => {
  if (isScalar(key) && typeof key.value === 'string') return key.value
  if (isScalar(key) && key.source) return key.source
  throw new YamlRefusal(at, 'a key must be a text')
}

const duplicate = (name: string, at: Span): YamlProblem => ({
  ...at,
  message: `key "${name}" is set twice`,
  hint: 'remove one of the two',
})

const scalarOf = (value: unknown, source: string | undefined, at: Span): YamlScalar => {
  if (typeof value === 'number')
    return source === undefined || source === String(value)
      ? value
      : new NumberAsWritten(value, source)
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  throw new YamlRefusal(at, 'the value is no text, number, boolean, list or mapping')
}

/** Turns the parser's nodes into ours. Counts what aliases copy, so that a small text stays small. */
class NodeReader {
  readonly duplicates: YamlProblem[] = []
  readonly #document: Document
  #copied = 0

  constructor(document: Document) {
    this.#document = document
  }

  read(node: unknown, fallback: Span, depth: number, copying: boolean): YamlNode {
    const span = spanOf(node, fallback)
    if (depth > yamlLimits.depth) throw tooDeep(span.start)
    if (copying && ++this.#copied > yamlLimits.aliasedNodes)
      throw new YamlRefusal(span, 'aliases repeat too much of the text')
    if (isAlias(node)) {
      const target = node.resolve(this.#document)
      if (target) return { ...this.read(target, span, depth + 1, true), ...span }
      throw new YamlRefusal(span, `alias "*${node.source}" names nothing before it`)
    }
    if (isMap(node)) return this.#map(node.items, span, depth, copying)
    if (!isSeq(node)) {
      const value = isScalar(node) ? scalarOf(node.value, node.source, span) : null
      return { ...span, kind: 'scalar', value }
    }
    const items = node.items.map((item) => this.read(item, span, depth + 1, copying))
    return { ...span, kind: 'list', items }
  }

  #map(pairs: readonly Pair[], span: Span, depth: number, copying: boolean): YamlNode {
    const entries = new Map<string, YamlEntry>()
    const merged: YamlNode[] = []
    for (const { key, value } of pairs) {
      const at = spanOf(key, span)
      const name = keyText(key, at)
      const node = this.read(value, { start: at.end, end: at.end }, depth + 1, copying)
      if (isMergeKey(key)) merged.push(...mergeSources(node, at))
      else if (!entries.has(name)) entries.set(name, { key: at, node })
      else if (!copying) this.duplicates.push(duplicate(name, at))
    }
    for (const source of merged)
      if (source.kind === 'map')
        for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
    return { ...span, kind: 'map', entries }
  }
}

export interface Nodes {
  readonly root: YamlNode
  readonly duplicates: readonly YamlProblem[]
}

/** The document as a tree of plain nodes. The first of two equal keys counts. */
export const readNodes = (document: Document): Nodes => {
  const reader = new NodeReader(document)
  const root = reader.read(document.contents, { start: 0, end: 1 }, 0, false)
  return { root, duplicates: reader.duplicates }
}
