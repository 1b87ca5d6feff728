/**
 * An error shows the line that is wrong, and the line may hold a secret: so the text that an error
 * carries has every value of a variable and every password starred out, each sign by one star, which
 * leaves all places where they were.
 */
import type { Span, YamlNode } from '#platform/yaml-tree'

export const withoutSecrets = (text: string, root: YamlNode | null): string => {
  const spans = [...(root ? secretSpans(text, root) : []), ...likelySecrets(text)]
  let starred = text
  for (const { start, end } of spans) {
    const stars = starred.slice(start, end).replace(/[^\r\n]/g, '*')
    starred = starred.slice(0, start) + stars + starred.slice(end)
  }
  return starred
}

function* secretSpans(text: string, root: YamlNode): Iterable<Span> {
  if (root.kind !== 'map') return
  const env = root.entries.get('env')?.node
  if (env) yield* variableSpans(text, env)
  const auth = root.entries.get('registry_auth')?.node
  if (auth?.kind === 'map') {
    for (const [key, { node }] of auth.entries) if (key !== 'username') yield node
  } else if (auth) yield auth
}

function* variableSpans(text: string, env: YamlNode): Iterable<Span> {
  if (env.kind === 'map') for (const { node } of env.entries.values()) yield node
  else if (env.kind === 'scalar') yield afterEquals(text, env)
  else for (const item of env.items) yield item.kind === 'scalar' ? afterEquals(text, item) : item
}

const afterEquals = (text: string, span: Span): Span => {
  const at = text.slice(span.start, span.end).indexOf('=')
  return at < 0 ? { start: span.end, end: span.end } : { start: span.start + at + 1, end: span.end }
}

/** By look alone: for texts whose structure cannot be read, and for keys that are misspelled. */
const looks = [
  /(?<=\b\w*(?:password|passwd|token|secret|api_?key)\w*["']?[ \t]*[:=][ \t]*)\S[^\r\n,}\]]*/gi,
  /(?<=\b[A-Z][A-Z0-9_]*=)[^\s,}\]]+/g,
]

const likelySecrets = (text: string): readonly Span[] =>
  looks.flatMap((look) =>
    [...text.matchAll(look)].map((found) => ({
      start: found.index,
      end: found.index + found[0].length,
    })),
  )
