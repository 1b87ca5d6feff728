import { ConfigurationError } from '#domain/errors'
import { readYaml } from '#platform/yaml'
import { valueOf } from '#platform/yaml-tree'
import type { Checked } from './check.ts'
import { explain } from './explain.ts'
import { withoutSecrets } from './secrets.ts'

/** Some editors put a mark before the text that is no part of it. */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

/** Reads a YAML text and checks its value. Throws ConfigurationError with every problem at once. */
export const readText = <T>(
  marked: string,
  file: string,
  checkRoot: (value: unknown) => Checked<T>,
): T => {
  const text = withoutMark(marked)
  const { root, problems } = readYaml(text)
  const checked: Checked<T> = root ? checkRoot(valueOf(root)) : { issues: [] }
  if (!checked.issues && problems.length === 0) return checked.value
  const explained = explain(text, root, problems, checked.issues ?? [])
  throw new ConfigurationError(file, explained, withoutSecrets(text, root))
}
