/**
 * Changes single keys of a YAML text, and leaves every other character as it is. What cannot be
 * changed in place (a mapping that is an alias, a text that does not parse) gives null.
 */
import { readYaml } from '#platform/yaml'
import type { YamlEntry, YamlNode } from '#platform/yaml-tree'

type MapNode = Extract<YamlNode, { kind: 'map' }>

/** Sets a key to a value, adding the mappings that lead to it. */
export const setKey = (text: string, path: readonly string[], value: string): string | null => {
  const root = rootOf(text)
  return root && setUnder(text, root, path, value)
}

/** Takes a key out; null also where there is none. */
export const removeKey = (text: string, path: readonly string[]): string | null => {
  const root = rootOf(text)
  const holder = root && nodeAt(root, path.slice(0, -1))
  const entry = holder?.kind === 'map' ? ownEntry(holder, path.at(-1) ?? '') : undefined
  if (holder?.kind !== 'map' || entry === undefined) return null
  const lineStart = text.lastIndexOf('\n', entry.key.start - 1) + 1
  const alone = text.slice(lineStart, entry.key.start).trim() === ''
  // Without its last key a mapping would be no mapping any more; in braces, commas would be left over.
  if (!alone || isFlow(text, holder) || holder.entries.size === 1)
    return replaceValue(text, entry, 'null')
  return text.slice(0, lineStart) + text.slice(lineEnd(text, endOf(text, entry.node)))
}

/** The node at a path, by keys of the text itself. */
export const nodeIn = (text: string, path: readonly string[]): YamlNode | undefined => {
  const root = rootOf(text)
  return root ? nodeAt(root, path) : undefined
}

const rootOf = (text: string): MapNode | null => {
  const { root, problems } = readYaml(text)
  return problems.length === 0 && root?.kind === 'map' ? root : null
}

const nodeAt = (from: YamlNode, path: readonly string[]): YamlNode | undefined =>
  path.reduce<YamlNode | undefined>(
    (node, key) => (node?.kind === 'map' ? ownEntry(node, key)?.node : undefined),
    from,
  )

/** A key that stands in this mapping, not in one it merges or is an alias of. */
const ownEntry = (node: MapNode, key: string): YamlEntry | undefined => {
  const entry = node.entries.get(key)
  return entry && isOwn(node, entry) ? entry : undefined
}

const isOwn = (node: MapNode, { key }: YamlEntry): boolean =>
  key.start >= node.start && key.start < node.end

const setUnder = (
  text: string,
  node: MapNode,
  [key = '', ...rest]: readonly string[],
  value: string,
): string | null => {
  const entry = ownEntry(node, key)
  if (entry === undefined) return insert(text, node, `${key}: ${nested(rest, value)}`)
  if (rest.length === 0) return replaceValue(text, entry, value)
  if (entry.node.kind === 'map') return setUnder(text, entry.node, rest, value)
  const isEmpty = entry.node.kind === 'scalar' && entry.node.value === null
  return isEmpty ? replaceValue(text, entry, nested(rest, value)) : null
}

const nested = (path: readonly string[], value: string): string =>
  path.reduceRight((inner, key) => `{${key}: ${inner}}`, value)

const replaceValue = (text: string, { key, node }: YamlEntry, value: string): string => {
  const end = endOf(text, node)
  if (end > node.start) return text.slice(0, node.start) + value + text.slice(end)
  const colon = text.indexOf(':', key.end) + 1
  return `${text.slice(0, colon)} ${value}${text.slice(colon)}`
}

const insert = (text: string, node: MapNode, line: string): string | null => {
  const entries = [...node.entries.values()].filter((entry) => isOwn(node, entry))
  const [first, last] = [entries[0], entries.at(-1)]
  if (isFlow(text, node)) {
    const at = last ? endOf(text, last.node, last) : node.start + 1
    return `${text.slice(0, at)}${last ? ', ' : ''}${line}${text.slice(at)}`
  }
  if (first === undefined || last === undefined) return null
  const indent = text.slice(text.lastIndexOf('\n', first.key.start - 1) + 1, first.key.start)
  if (indent.trim() !== '') return null
  const at = lineEnd(text, endOf(text, last.node, last))
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const before = text.slice(0, at)
  const gap = before === '' || before.endsWith('\n') ? '' : newline
  return `${before}${gap}${indent}${line}${newline}${text.slice(at)}`
}

const isFlow = (text: string, node: YamlNode): boolean => /[{[]/.test(text.charAt(node.start))

/** Where the last character of a value stands; blanks, comments and line ends behind it are not its own. */
const endOf = (text: string, node: YamlNode, entry?: YamlEntry): number => {
  if (node.kind !== 'scalar' && !isFlow(text, node)) {
    const children =
      node.kind === 'list' ? node.items : [...node.entries.values()].map(({ node: child }) => child)
    const own = children.filter((child) => child.start >= node.start && child.end <= node.end)
    if (own.length > 0) return Math.max(...own.map((child) => endOf(text, child)))
  }
  const end = node.start + text.slice(node.start, node.end).trimEnd().length
  if (end > node.start || entry === undefined) return end
  return text.indexOf(':', entry.key.end) + 1
}

/** Past the line that holds `at`, its comment and its end included. */
const lineEnd = (text: string, at: number): number => {
  const newline = text.indexOf('\n', at)
  return newline === -1 ? text.length : newline + 1
}
