import { createHash } from 'node:crypto'

/** sha256 of texts, one after another. */
export interface Digester {
  add(text: string): void
  hex(): string
}

export const digester = (): Digester => {
  const hash = createHash('sha256')
  return {
    add: (text) => {
      hash.update(text)
    },
    hex: () => hash.digest('hex'),
  }
}

/** sha256 of lines, each ended by a newline, in hex. */
export const digestLines = (lines: Iterable<string>): string => {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line).update('\n')
  return hash.digest('hex')
}
