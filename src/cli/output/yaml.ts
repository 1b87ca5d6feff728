import type { Json } from '#domain/json'

/** Words that every reader of YAML 1.1 and 1.2 takes for a string; all other text is quoted as JSON. */
const plainWord = /^[A-Za-z][A-Za-z0-9_/-]*( [A-Za-z0-9_/-]+)*$/
const wordsOfOtherKinds = /^(y|n|yes|no|on|off|true|false|null)$/i

const printScalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' && plainWord.test(value) && !wordsOfOtherKinds.test(value)
    ? value
    : JSON.stringify(value)

const isScalar = (value: Json): value is string | number | boolean | null =>
  value === null || typeof value !== 'object'

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const printUnder = (value: Json, indent: string): string => {
  if (isScalar(value)) return ` ${printScalar(value)}`
  const empty = isList(value) ? '[]' : '{}'
  const lines = printLines(value, indent)
  return lines.length === 0 ? ` ${empty}` : `\n${lines.join('\n')}`
}

const printLines = (value: Exclude<Json, string | number | boolean | null>, indent: string) => {
  if (isList(value)) {
    return value.map((item) => {
      const printed = isScalar(item) ? ` ${printScalar(item)}` : printUnder(item, `${indent}  `)
      return `${indent}-${printed.startsWith('\n') ? ` ${printed.slice(indent.length + 3)}` : printed}`
    })
  }
  return Object.entries(value).map(
    ([key, item]): string =>
      `${indent}${printScalar(key)}:${printUnder(item, isScalar(item) ? '' : `${indent}  `)}`,
  )
}

/** A document as YAML that readers of 1.1 and of 1.2 understand alike. */
export const printYaml = (document: Json): string =>
  isScalar(document) ? `${printScalar(document)}\n` : `${printUnder(document, '').trimStart()}\n`
