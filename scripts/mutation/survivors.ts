/** What `survivors.md` says: mutants known to survive, each with a reason. */
import { readFileSync } from 'node:fs'
import type { Mutant } from './mutants.ts'

/** Lines move; what is changed, and into what, says enough. */
export const nameOf = ({ file, from, to }: Mutant): string =>
  `${file}: ${oneLine(from)} -> ${oneLine(to)}`

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 100)

/** Names in code marks, one per line of a list. */
export const explainedSurvivors = (path: string): ReadonlySet<string> =>
  new Set([...readFileSync(path, 'utf8').matchAll(/^- `(.+)`$/gm)].map(([, name = '']) => name))
