import { readNodes } from './yaml-nodes.ts'
import { parseSyntax } from './yaml-syntax.ts'
import { yamlLimits, YamlRefusal, type YamlNode, type YamlProblem } from './yaml-tree.ts'

export interface YamlText {
  /** Null when the text cannot be read at all. Of a duplicate key, the first value counts. */
  readonly root: YamlNode | null
  readonly problems: readonly YamlProblem[]
}

/** Texts that would take too long or hold nothing to read. */
const checkText = (text: string): void => {
  if (text.length > yamlLimits.characters)
    throw new YamlRefusal({ start: 0, end: 1 }, 'the text is larger than 1 MiB')
  const nul = text.indexOf('\0')
  if (nul !== -1)
    throw new YamlRefusal(
      { start: nul, end: nul + 1 },
      'the text holds a NUL byte',
      'is it a text file?',
    )
}

/** Reads one document of YAML 1.2 (core schema, with merge keys). Never throws. */
export const readYaml = (text: string): YamlText => {
  try {
    checkText(text)
    const { document, problems } = parseSyntax(text)
    if (!document) return { root: null, problems }
    const { root, duplicates } = readNodes(document)
    return { root, problems: [...problems, ...duplicates] }
  } catch (error) {
    if (error instanceof YamlRefusal) return { root: null, problems: [error.problem] }
    throw error
  }
}
