import type { Problem } from '#domain/errors'
import type { YamlNode, YamlProblem } from '#platform/yaml-tree'
import type { IssueDetail } from './fields.ts'
import { adviseOnKey } from './later-keys.ts'
import { locate, positionOf, visiblePath, type Path } from './locate.ts'

/** An issue as zod hands it out. */
export interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly params?: IssueDetail | undefined
}

/** A problem with the offset that orders it. */
interface Placed {
  readonly start: number
  readonly problem: Problem
}

const stepsOf = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'number' ? step : String(step)))

const wordsOf = (issue: Issue, path: Path): Pick<Problem, 'message' | 'hint'> => {
  const { message } = issue
  const hint = issue.params?.hint
  const key = path.at(-1)
  if (issue.params?.fault === 'unknown-key') {
    const advice = adviseOnKey(path.slice(0, -1), String(key))
    return { message: advice?.message ?? message, hint: advice?.hint ?? hint }
  }
  // Messages that start with a verb tell of the key.
  const tellsOfKey = /^(is|must) /.test(message) && key !== undefined
  return { message: tellsOfKey ? `"${key}" ${message}` : message, hint }
}

const placeIssue = (text: string, root: YamlNode, issue: Issue): Placed => {
  const path = stepsOf(issue.path)
  const span = locate(root, path, issue.params?.fault ?? 'value')
  const { message, hint } = wordsOf(issue, path)
  const position = positionOf(text, span)
  return { start: span.start, problem: { path: visiblePath(root, path), message, hint, position } }
}

const placeSyntax = (text: string, { start, end, message, hint }: YamlProblem): Placed => ({
  start,
  problem: { path: [], message, hint, position: positionOf(text, { start, end }) },
})

/** Both sides of a shorthand range complain of the same text: once is enough. */
const withoutTwins = (placed: readonly Placed[]): readonly Problem[] => {
  const seen = new Set<string>()
  const kept: Problem[] = []
  for (const { start, problem } of placed) {
    const twin = `${start} ${problem.message}`
    if (!seen.has(twin)) kept.push(problem)
    seen.add(twin)
  }
  return kept
}

/** Everything wrong with a text, in its order. */
export const explain = (
  text: string,
  root: YamlNode | null,
  syntax: readonly YamlProblem[],
  issues: readonly Issue[],
): readonly Problem[] => {
  const placed = [
    ...syntax.map((problem) => placeSyntax(text, problem)),
    ...(root ? issues.map((issue) => placeIssue(text, root, issue)) : []),
  ]
  return withoutTwins(placed.sort((left, right) => left.start - right.start))
}
