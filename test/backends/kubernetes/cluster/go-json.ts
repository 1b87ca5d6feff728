/** Why a text is no JSON, as the API server's parser says it: as far as bodies of tests go wrong. */
const literals: Readonly<Record<string, string>> = { n: 'null', t: 'true', f: 'false' }

/** Null for JSON. */
export const jsonFault = (text: string): string | null => {
  try {
    JSON.parse(text)
    return null
  } catch {
    const trimmed = text.trim()
    const literal = literals[trimmed[0] ?? '']
    if (literal === undefined) return 'unexpected end of JSON input'
    const at = literal.split('').findIndex((letter, index) => trimmed[index] !== letter)
    const met = trimmed[at]
    return met === undefined
      ? 'unexpected end of JSON input'
      : `invalid character '${met}' in literal ${literal} (expecting '${literal[at] ?? ''}')`
  }
}
