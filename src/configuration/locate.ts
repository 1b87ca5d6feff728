import type { Position } from '#domain/errors'
import type { Span, YamlNode } from '#platform/yaml-tree'

export type Path = readonly (string | number)[]

const lengthOf = (text: string): number => Array.from(text).length

/** A span as line and column, counted in characters; it ends with its line at the latest. */
export const positionOf = (text: string, span: Span): Position => {
  const start = Math.min(span.start, text.length)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', start)
  const lineEnd = newline === -1 ? text.length : newline
  const end = text[lineEnd - 1] === '\r' && lineEnd > start ? lineEnd - 1 : lineEnd
  return {
    line: text.slice(0, lineStart).split('\n').length,
    column: lengthOf(text.slice(lineStart, start)) + 1,
    length: Math.max(1, lengthOf(text.slice(start, Math.min(span.end, end)).trimEnd())),
  }
}

const childOf = (node: YamlNode, step: string | number): YamlNode | undefined => {
  if (node.kind === 'map') return node.entries.get(String(step))?.node
  return node.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined
}

/** How far a path leads into the text: a shorthand such as `8GB..` has no keys of its own. */
const reach = (root: YamlNode, path: Path): { node: YamlNode; depth: number } => {
  let node = root
  for (const [depth, step] of path.entries()) {
    const child = childOf(node, step)
    if (!child) return { node, depth }
    node = child
  }
  return { node, depth: path.length }
}

/** The key that leads to a node, or the node itself where it is an item of a list. */
const keyOf = (root: YamlNode, path: Path): Span => {
  const { node } = reach(root, path.slice(0, -1))
  const step = path.at(-1)
  const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined
  return entry?.key ?? reach(root, path).node
}

const isEmpty = (span: Span): boolean => span.end <= span.start

/**
 * The place of what is wrong: of a key that is unknown, the key; of one that is missing, the key
 * of the mapping it belongs in; else the value. A value that is not there is shown by its key.
 */
export const locate = (
  root: YamlNode,
  path: Path,
  fault: 'unknown-key' | 'missing-key' | 'value',
): Span => {
  if (fault === 'unknown-key') return keyOf(root, path)
  const { node, depth } = reach(root, path)
  if (fault === 'value' && !isEmpty(node)) return node
  return depth === 0
    ? { start: root.start, end: root.start + 1 }
    : keyOf(root, path.slice(0, depth))
}

/** The part of a path that a reader finds in the text; of a missing key, the key too. */
export const visiblePath = (root: YamlNode, path: Path): Path => {
  const { node, depth } = reach(root, path)
  return node.kind === 'map' && depth < path.length
    ? path.slice(0, depth + 1)
    : path.slice(0, depth)
}
