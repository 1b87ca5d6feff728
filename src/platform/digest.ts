import { createHash } from 'node:crypto'

/** sha256 of lines, each ended by a newline, in hex. */
export const digestLines = (lines: Iterable<string>): string => {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line).update('\n')
  return hash.digest('hex')
}
